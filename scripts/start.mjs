// `npm start`: one process, so that signals reach the server and its exit code reaches the caller. For the same reason
// package.json says `exec node`: npm signals the shell that it started, and some shells die without passing it on.
// This file itself must parse and run on old versions of Node, to be able to say what is wrong.
import { isNodeTooOld, refuseThisNode } from './node-version.mjs';

if (isNodeTooOld) {
  refuseThisNode(
    'Start it with `npm start`: `npm ci` installs Node 24 into the project, and npm scripts use that one.',
  );
}

const { build } = await import('./build.mjs');
await build();
await import('../dist/src/main.js');
