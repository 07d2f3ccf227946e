import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real registry that runs. */
export interface DockerRegistry {
  /** `127.0.0.1:port`. */
  readonly host: string;
  /** File with one line for each request. */
  readonly accessLog: string;
  /** Directory with everything it stores. */
  readonly storage: string;
  stop(): Promise<void>;
}

/** How to start it. */
export interface DockerRegistryOptions {
  /** Absent: allowed. */
  readonly deletes?: 'allowed' | 'refused';
  /** `user:bcrypt` lines; absent: anonymous. */
  readonly htpasswd?: string;
  /** Whether an index may lack manifests, of version 3; absent: it may not. */
  readonly sparseIndexes?: 'accepted' | undefined;
  /** Absent: Debian's build of version 2.8. */
  readonly program?: DistributionProgram;
}

/** Distribution as Debian names it (2.8), and as itself does (3). */
export type DistributionProgram = 'docker-registry' | 'registry';

/** Tells whether a build of Distribution is on the path. */
export function hasDockerRegistry(program: DistributionProgram = 'docker-registry'): boolean {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('distribution');
}

/** Gives a port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

function configuration(host: string, directory: string, options: DockerRegistryOptions): string {
  const auth =
    options.htpasswd === undefined
      ? {}
      : {
          auth: { htpasswd: { realm: 'test', path: join(directory, 'htpasswd') } },
        };
  // JSON is YAML.
  return JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: false } },
    storage: {
      filesystem: { rootdirectory: join(directory, 'storage') },
      delete: { enabled: options.deletes !== 'refused' },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: host },
    ...(options.sparseIndexes && {
      validation: { manifests: { indexes: { platforms: 'none' } } },
    }),
    ...auth,
  });
}

async function untilItAnswers(host: string, hasEnded: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (hasEnded()) break;
    const isUp = await fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(25);
  }
  throw new Error(`Distribution does not answer at ${host}`);
}

/** Starts Distribution on a free port, on a memory disk where there is one. */
export async function startDockerRegistry(
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = await mkdtemp(join(parent, 'docker-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(directory, 'config.yml');
  await writeFile(config, configuration(host, directory, options));
  if (options.htpasswd !== undefined) {
    await writeFile(join(directory, 'htpasswd'), options.htpasswd);
  }
  const accessLog = join(directory, 'access.log');
  const program = options.program ?? 'docker-registry';
  const child = spawn(program, ['serve', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(accessLog);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = once(child, 'exit');
  await untilItAnswers(host, () => child.exitCode !== null);
  return {
    host,
    accessLog,
    storage: join(directory, 'storage'),
    async stop() {
      child.kill();
      await ended;
      log.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
