import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { HostTrust } from '../options.ts';
import { readCertificates } from './pem.ts';

/**
 * Reads a directory of `certs.d`; `undefined` when it does not exist or may not be read.
 *
 * Shape: `*.crt` are authorities; `<name>.cert` with `<name>.key` is the client's certificate, the first pair counts.
 * @throws ConfigError `INPUT_INVALID` for a broken certificate or half a pair, naming the file.
 * @see containers-certs.d(5)
 */
export async function readHostDirectory(directory: string): Promise<HostTrust | undefined> {
  const names = await list(directory);
  if (!names) return undefined;
  const ca: string[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.crt'))) {
    const path = join(directory, name);
    ca.push(...readCertificates(await readConfigText(path), path));
  }
  return { ca, ...(await readClientPair(directory, names)) };
}

async function list(directory: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    throw unreadable(directory, error);
  }
}

async function readClientPair(directory: string, names: readonly string[]): Promise<HostTrust> {
  const stems = (ending: string) =>
    names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
  const certificates = stems('.cert');
  const keys = stems('.key');
  for (const stem of [...certificates, ...keys]) {
    const missing = certificates.includes(stem) ? keys.includes(stem) || '.key' : '.cert';
    if (missing !== true) throw halfPair(join(directory, stem), missing);
  }
  const [first] = certificates;
  if (first === undefined) return {};
  const path = join(directory, `${first}.cert`);
  return {
    clientCertificate: readCertificates(await readConfigText(path), path).join('\n'),
    clientKey: await readConfigText(join(directory, `${first}.key`)),
  };
}

/** Reads a file that has to be there. @throws ConfigError `INPUT_INVALID`, naming it. */
export async function readConfigText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ConfigError {
  const { code } = error as NodeJS.ErrnoException;
  return new ConfigError('INPUT_INVALID', `${path} cannot be read (${code}).`, {
    hint: 'Check that it exists and that this user may read it.',
    cause: error,
  });
}

function halfPair(stem: string, missing: string): ConfigError {
  return new ConfigError(
    'INPUT_INVALID',
    `The client certificate ${stem} lacks ${stem}${missing}.`,
    {
      hint: 'A client certificate is a pair of files: "<name>.cert" and "<name>.key".',
    },
  );
}
