import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from './lab.ts';

const execute = promisify(execFile);

/** Tells whether oc-mirror is on PATH. */
export function hasOcMirror(): boolean {
  return spawnSync('oc-mirror', ['version', '--v2'], { stdio: 'ignore' }).error === undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Runs oc-mirror in a home of its own; its output is the error's when it fails. */
export async function runOcMirror(
  lab: Lab,
  home: string,
  words: readonly string[],
): Promise<string> {
  const key = join(home, 'key.asc');
  const { env, signatureKeys = '' } = lab.settings();
  writeFileSync(key, signatureKeys);
  const flags = ['--v2', '--src-tls-verify=false', '--dest-tls-verify=false'];
  const port = ['-p', String(await freePort())];
  const { stdout } = await execute('oc-mirror', [...words, ...flags, ...port], {
    cwd: home,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env['PATH'], HOME: home, ...env, OCP_SIGNATURE_VERIFICATION_PK: key },
  }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = Object(error) as { stdout?: string; stderr?: string };
    throw new Error(`oc-mirror failed:\n${stdout.slice(-6_000)}\n${stderr.slice(-2_000)}`);
  });
  return stdout;
}
