import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** None of them is given to whoever asks for any port, or connects to one: systems have those from 32768 on for that. */
const [LOWEST, HIGHEST] = [20_000, 32_767];

/** A port on this machine that nobody listens on at the moment, nor will by chance before it is used. */
export async function freePort() {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
