// One registry of the bench: Debian's docker-registry on a fixed port, near or far away, over a storage that can be copied.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, untilListening } from './ports.mjs';

/** Debian's default configuration without its users; the access log is one line for each request, into a file. */
function configuration(port, storage) {
  return {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: false } },
    storage: {
      cache: { blobdescriptor: 'inmemory' },
      filesystem: { rootdirectory: storage },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `127.0.0.1:${port}`, headers: { 'X-Content-Type-Options': ['nosniff'] } },
  };
}

async function stopProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const processes = new Set();

async function startProcess(command, words, { port, output }) {
  const child = spawn(command, words, { stdio: ['ignore', output, output] });
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  await untilListening(port, child);
  return child;
}

/** Ends whatever still runs; for an interrupted bench. */
export function stopAll() {
  for (const child of processes) child.kill('SIGKILL');
}

/** Creates a site in a directory of its own; nothing runs before `start`. */
export async function createSite(directory, name) {
  const port = await freePort();
  const storage = join(directory, name, 'storage');
  const log = join(directory, name, 'access.log');
  mkdirSync(storage, { recursive: true });
  let running = [];
  return {
    host: `127.0.0.1:${port}`,
    storage,
    /** Starts the registry; `front` starts what stands between it and its clients: `(listen, to) => [command, words]`. */
    async start(front) {
      const behind = front ? await freePort() : port;
      const config = join(directory, name, 'config.yml');
      // JSON is YAML.
      writeFileSync(config, JSON.stringify(configuration(behind, storage)));
      writeFileSync(log, '');
      const output = openSync(log, 'a');
      running = [
        await startProcess('docker-registry', ['serve', config], { port: behind, output }),
      ];
      if (!front) return;
      const [command, words] = front(port, behind);
      running.unshift(await startProcess(command, words, { port, output }));
    },
    async stop() {
      for (const child of running) await stopProcess(child);
      running = [];
    },
    /** Makes the storage empty, or a copy of a snapshot. Only while stopped. */
    reset(snapshot) {
      rmSync(storage, { recursive: true, force: true });
      if (snapshot) cpSync(snapshot, storage, { recursive: true });
      else mkdirSync(storage, { recursive: true });
    },
    /** Forgets the requests that were made so far. */
    forgetRequests() {
      writeFileSync(log, '');
    },
    /** Counts the requests since then. */
    countRequests() {
      const lines = readFileSync(log, 'utf8').match(/"[A-Z]+ \/v2\/[^"]*"/g) ?? [];
      const writes = lines.filter((line) => /^"(?:PUT|POST|PATCH|DELETE) /.test(line));
      return { requests: lines.length, writes: writes.length };
    },
  };
}
