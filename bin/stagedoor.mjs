#!/usr/bin/env node
// `npx stagedoor`: the command line. On a Node that is too old it goes on with the one that `npm ci` has installed.
// This file itself must parse and run on old versions of Node, to be able to say what is wrong.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

import { isNodeTooOld, refuseThisNode } from '../scripts/node-version.mjs';

if (isNodeTooOld) await goOnWithInstalledNode();
else {
  const { build } = await import('../scripts/build.mjs');
  await build();
  await import('../dist/src/cli/main.js');
}

async function goOnWithInstalledNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
  if (!existsSync(node)) {
    refuseThisNode('Run `npm ci` in the folder of Stagedoor: it installs Node 24 there, which is used then.');
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // What is typed at a terminal reaches both, and twice would mean that somebody has lost patience.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  const [code, signal] = await new Promise((resolve) => {
    child.once('close', (...ending) => resolve(ending));
  });
  process.exitCode = code ?? 128 + constants.signals[signal];
}
