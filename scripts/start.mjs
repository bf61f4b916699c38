// `npm start`: one process, so that signals reach the server and its exit code reaches the caller. For the same reason
// package.json says `exec node`: npm signals the shell that it started, and some shells die without passing it on.
// This file itself must parse and run on old versions of Node, to be able to say what is wrong.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 17)) {
  process.stderr.write(
    `Stagedoor needs Node 22.17 or newer; this is ${process.versions.node}.\n` +
      'Start it with `npm start`: `npm ci` installs Node 24 into the project, and npm scripts use that one.\n',
  );
  process.exit(1);
}

const { build } = await import('./build.mjs');
await build();
await import('../dist/src/main.js');
