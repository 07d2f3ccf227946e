// A TCP forwarder that stands for distance: node forwarder.mjs '{"listen":5000,"to":5001,"roundTripMs":40}'
//
// Every byte arrives half a round trip later, in order, at any rate; a new connection costs a whole one, as a handshake
// does. It runs as a process of its own, so that its work is not the work of whoever measures. On SIGTERM it prints what
// it counted and ends.
import { connect, createServer } from 'node:net';

/** More than this in flight in one direction, and the sender has to wait: it bounds memory, not rate. */
const windowBytes = 32 * 1024 * 1024;

/** Passes one direction on, `delayMs` late. */
function delay(from, to, { delayMs, count }) {
  const queue = [];
  let queued = 0;
  let timer;
  function release() {
    timer = undefined;
    const now = performance.now();
    while (queue.length > 0 && queue[0].due <= now) {
      const { chunk } = queue.shift();
      if (chunk === undefined) to.end();
      else to.write(chunk);
      queued -= chunk?.length ?? 0;
    }
    if (from.isPaused() && queued < windowBytes) from.resume();
    schedule(now);
  }
  function schedule(now) {
    if (timer !== undefined || queue.length === 0) return;
    timer = setTimeout(release, Math.max(0, queue[0].due - now));
  }
  function put(chunk) {
    const now = performance.now();
    queue.push({ chunk, due: now + delayMs });
    queued += chunk?.length ?? 0;
    if (queued > windowBytes) from.pause();
    schedule(now);
  }
  from.on('data', (chunk) => {
    count(chunk.length);
    put(chunk);
  });
  from.on('end', () => put(undefined));
  from.on('error', () => to.destroy());
  from.on('close', () => clearTimeout(from.errored ? timer : undefined));
}

/** Starts a forwarder on 127.0.0.1; gives what it counts. */
export function forward({ listen, to, roundTripMs }) {
  const counted = { connections: 0, bytesUp: 0, bytesDown: 0 };
  const delayMs = roundTripMs / 2;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    counted.connections += 1;
    const far = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const up = (bytes) => {
      counted.bytesUp += bytes;
    };
    const down = (bytes) => {
      counted.bytesDown += bytes;
    };
    near.pause();
    setTimeout(() => {
      delay(near, far, { delayMs, count: up });
      near.resume();
    }, roundTripMs);
    delay(far, near, { delayMs, count: down });
  });
  server.listen(listen, '127.0.0.1');
  return counted;
}

if (process.argv[1] === import.meta.filename) {
  const counted = forward(JSON.parse(process.argv[2]));
  process.on('SIGTERM', () => {
    process.stdout.write(`${JSON.stringify(counted)}\n`, () => process.exit(0));
  });
}
