// A Chromium for the tests that take a browser: the one that is here, else, in CI, Debian's.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const MISSING = 'There is no Chromium. `apt-get install chromium` installs it on Debian.';

/**
 * The path of its program. Where there is none it is installed in CI, and it is an error if that fails; elsewhere the
 * answer is undefined: nothing is installed on the machine of somebody who only runs tests.
 */
export function provideChromium() {
  const found = findChromium();
  if (found !== undefined || !process.env.CI) return found;
  installChromium();
  const installed = findChromium();
  if (installed === undefined) throw new Error(MISSING);
  return installed;
}

function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => execFileSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 2, 2] });
  try {
    apt('update');
    apt('install', '--yes', '--no-install-recommends', 'chromium');
  } catch (error) {
    throw new Error(MISSING, { cause: error });
  }
}

// As a program, it prints where it is: .ci/run calls it before the tests, which share out the cores.
if (argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${provideChromium() ?? MISSING}\n`);
