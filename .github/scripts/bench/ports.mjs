// Ports of this machine, for processes that want to be told where to listen.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Below the range from which the kernel takes ports for connections: nobody is given one of these by chance. */
const lowest = 15_000;
const highest = 32_000;

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return false;
  server.close();
  await once(server, 'close');
  return true;
}

/** Gives a port on 127.0.0.1 that is free, and stays so unless somebody asks for this very number. */
export async function freePort() {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (is) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** Waits until somebody listens on a port; `child` is who should. */
export async function untilListening(port, child) {
  for (let attempt = 0; attempt < 400 && child.exitCode === null; attempt += 1) {
    if (await accepts(port)) return;
    await sleep(10);
  }
  throw new Error(`nobody listens on port ${port}: ${child.spawnargs.join(' ')}`);
}
