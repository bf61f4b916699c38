// Which Node the service runs on. This file itself must parse and run on old versions of Node, to be able to say what is
// wrong.
const [major, minor] = process.versions.node.split('.').map(Number);

export const isNodeTooOld = major < 22 || (major === 22 && minor < 17);

/** Says what is wrong, and what to do. */
export function refuseThisNode(advice) {
  process.stderr.write(`Stagedoor needs Node 22.17 or newer; this is ${process.versions.node}.\n${advice}\n`);
  process.exit(1);
}
