import { readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ConfigError } from '../../errors.ts';
import type { HostTrust, TrustSource } from '../options.ts';
import { readConfigText, readHostDirectory } from './host-directory.ts';
import { readCertificates } from './pem.ts';

/** The certificates and hosts that a side trusts beyond the system's authorities. */
export interface TrustOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of a PEM file, or PEM text. */
  readonly caBundle?: string | undefined;
  /** `host` for every port of it, or `host:port`. */
  readonly insecureRegistries: readonly string[];
  /** Directory with `*.crt`, `*.cert`, `*.key` for every host, instead of `certs.d`. */
  readonly certDir?: string | undefined;
  /** `false`: every host is insecure. */
  readonly tlsVerify?: boolean | undefined;
  /** The rules of `registries.conf` for whole hosts. */
  readonly rules?: { isInsecure(registry: string): boolean } | undefined;
  /** Instead of `/etc/containers/certs.d` and `/etc/docker/certs.d`. */
  readonly systemDirectories?: readonly string[] | undefined;
}

/**
 * Makes a source of trust: `certs.d` of containers and docker, an extra bundle, `SSL_CERT_FILE` and `SSL_CERT_DIR`,
 * insecure hosts.
 *
 * Order: of the `certs.d` directories of a host the first that exists counts: the user's, then the system's.
 * Effects: each file is read once. `lookup` throws ConfigError `INPUT_INVALID`, naming the file, for broken certificates.
 * @see containers-certs.d(5)
 */
export function createTrustSource(options: TrustOptions): TrustSource {
  const hosts = new Map<string, Promise<HostTrust>>();
  let shared: Promise<readonly string[]> | undefined;

  async function read(registry: string): Promise<HostTrust> {
    const own = await readOwn(options, registry);
    const { ca = [], ...pair } = own ?? {};
    const isNamed = isListed(options, registry);
    const listed = (isNamed || (own && !options.certDir)) && { isListed: true };
    // Without verification no authorities are read: a system has hundreds of them.
    if (isNamed || options.tlsVerify === false) return { ...pair, ...listed, insecure: true };
    shared ??= readSharedAuthorities(options);
    const all = [...new Set([...(await shared), ...ca])];
    return { ...pair, ...(all.length > 0 && { ca: all }), ...listed, insecure: false };
  }

  return {
    lookup(registry) {
      const known = hosts.get(registry) ?? read(registry);
      hosts.set(registry, known);
      return known;
    },
  };
}

/** Tells whether a host is named as insecure. */
function isListed(options: TrustOptions, registry: string): boolean {
  const host = registry.toLowerCase();
  const bareHost = host.replace(/:\d+$/, '');
  const isInList = options.insecureRegistries
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^https?:\/\//, '')
        .replace(/\/+$/, ''),
    )
    .some((entry) => entry === host || entry === bareHost);
  return isInList || (options.rules?.isInsecure(registry) ?? false);
}

async function readOwn(options: TrustOptions, registry: string): Promise<HostTrust | undefined> {
  if (options.certDir) return readNamedDirectory(options.certDir);
  // A host's name becomes a path here: one with a separator or "." and ".." has no directory.
  if (/[/\\]|^\.*$/.test(registry)) return undefined;
  for (const directory of certsDirectories(options)) {
    const found = await readHostDirectory(join(directory, registry));
    if (found) return found;
  }
  return undefined;
}

async function readNamedDirectory(directory: string): Promise<HostTrust> {
  const found = await readHostDirectory(directory);
  if (found) return found;
  throw new ConfigError('INPUT_INVALID', `The certificate directory ${directory} cannot be read.`, {
    hint: 'Check that it exists and that this user may read it.',
  });
}

function certsDirectories({ env, systemDirectories }: TrustOptions): readonly string[] {
  const home = env['HOME'] || env['USERPROFILE'];
  const config = env['XDG_CONFIG_HOME'] || (home && join(home, '.config'));
  return [
    ...(config ? [join(config, 'containers', 'certs.d')] : []),
    ...(systemDirectories ?? ['/etc/containers/certs.d', '/etc/docker/certs.d']),
  ];
}

async function readSharedAuthorities({ env, caBundle }: TrustOptions): Promise<readonly string[]> {
  return [
    ...(caBundle?.trim() ? await readBundle(caBundle) : []),
    ...(env['SSL_CERT_FILE'] ? await readLoosely(env['SSL_CERT_FILE']) : []),
    ...(env['SSL_CERT_DIR'] ? await readDirectories(env['SSL_CERT_DIR']) : []),
  ];
}

async function readBundle(bundle: string): Promise<readonly string[]> {
  if (bundle.includes('-----BEGIN')) return readCertificates(bundle, 'The CA bundle');
  return readCertificates(await readConfigText(bundle.trim()), bundle.trim());
}

/** As OpenSSL does: a named file that is missing or holds no certificate is passed over. */
async function readLoosely(path: string): Promise<readonly string[]> {
  try {
    return readCertificates(await readFile(path, 'utf8'), path);
  } catch {
    return [];
  }
}

async function readDirectories(directories: string): Promise<readonly string[]> {
  const certificates: string[] = [];
  for (const directory of directories.split(delimiter).filter(Boolean)) {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.sort())
      certificates.push(...(await readLoosely(join(directory, name))));
  }
  return certificates;
}
