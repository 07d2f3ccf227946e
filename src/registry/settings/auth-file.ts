import { ConfigError } from '../../errors.ts';
import type { Credential } from '../options.ts';

/** One entry of an auth file, as written; nothing of it is ever shown. */
export interface AuthEntry {
  /** base64 of `user:password`. */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identityToken?: string;
  readonly registryToken?: string;
}

/** An auth file of containers or docker. */
export interface AuthFile {
  /** Its path, or what stands for it in messages. */
  readonly name: string;
  /** By `host[:port][/path]`. */
  readonly entries: ReadonlyMap<string, AuthEntry>;
  /** Names of credential helpers by `host[:port]`. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The helper that is asked for every host without an entry. */
  readonly store: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

// Docker Hub answers to several names; docker itself files it under a fourth.
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Gives the one name under which a registry's credentials are kept: Docker Hub has several. */
export function credentialHost(registry: string): string {
  const host = registry.toLowerCase();
  return dockerHub.has(host) ? 'docker.io' : host;
}

/** Makes the error for a file that cannot be used; it never shows what the file holds. */
export function malformedAuthFile(name: string, why: string): ConfigError {
  return new ConfigError('INPUT_INVALID', `The auth file ${name} cannot be used: ${why}.`, {
    hint: 'Write it with "podman login --authfile" or as {"auths": {"registry.example.com": {"auth": "<base64 of user:password>"}}}.',
  });
}

/**
 * Reads an auth file.
 *
 * Shape: `{"auths": {"host[:port][/path]": entry}, "credHelpers": {"host": "name"}, "credsStore": "name"}`; in the `legacy`
 * form of `.dockercfg` the entries lie at the top. Keys written as URLs (`https://index.docker.io/v1/`) count for their host.
 * @throws ConfigError `INPUT_INVALID`, naming the file and never its content.
 * @see containers-auth.json(5)
 */
export function parseAuthFile(
  text: string,
  name: string,
  form: 'current' | 'legacy' = 'current',
): AuthFile {
  const fail = (why: string) => malformedAuthFile(name, why);
  const json = decode(text, fail);
  const auths = form === 'legacy' ? json : record(json['auths'], 'auths', fail);
  const helpers = form === 'legacy' ? {} : record(json['credHelpers'], 'credHelpers', fail);
  const entries = new Map<string, AuthEntry>();
  for (const [key, value] of Object.entries(auths)) {
    const normal = normalKey(key, form);
    if (normal === key || !entries.has(normal)) entries.set(normal, readEntry(value, fail));
  }
  return {
    name,
    entries,
    helpers: new Map(
      Object.keys(helpers).map((host) => [
        normalKey(host, form),
        readText(helpers, host, fail) ?? '',
      ]),
    ),
    store: (form === 'current' && readText(json, 'credsStore', fail)) || undefined,
  };
}

/**
 * Finds the entry for a repository: the longest key that is the repository, one of its parents, or its host.
 * @see containers-auth.json(5), "FORMAT"
 */
export function findAuthEntry(
  file: AuthFile,
  registry: string,
  repository: string,
): AuthEntry | undefined {
  const path = repository === '' ? [] : repository.split('/');
  for (let length = path.length; length >= 0; length -= 1) {
    const key = [credentialHost(registry), ...path.slice(0, length)].join('/');
    const entry = file.entries.get(key);
    if (entry) return entry;
  }
  return undefined;
}

/**
 * Gives the credential of an entry; an empty entry (`{}`, as docker writes beside a credential store) has none.
 * @throws ConfigError `INPUT_INVALID` when `auth` is not base64 of `user:password`.
 */
export function credentialOf(entry: AuthEntry, fileName: string): Credential | undefined {
  if (entry.identityToken) return { kind: 'identity-token', token: entry.identityToken };
  if (entry.registryToken) return { kind: 'registry-token', token: entry.registryToken };
  if (entry.auth) {
    const [username, password] = decodePair(entry.auth, fileName);
    return userCredential(username, password);
  }
  if (entry.username && entry.password) return userCredential(entry.username, entry.password);
  return undefined;
}

/** Gives the credential of a name and a secret; docker's name `<token>` marks the secret as an identity token. */
export function userCredential(username: string, password: string): Credential {
  return username === '<token>'
    ? { kind: 'identity-token', token: password }
    : { kind: 'basic', username, password };
}

type Fail = (why: string) => ConfigError;

function decode(text: string, fail: Fail): Json {
  try {
    return record(JSON.parse(text.replace(/^\uFEFF/, '')), 'the file', fail);
  } catch (error) {
    // The parser quotes what it read: its message must not travel, not even as a cause.
    throw error instanceof ConfigError ? error : fail('it is not JSON');
  }
}

function record(value: unknown, what: string, fail: Fail): Json {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw fail(`${what} is not a JSON object`);
  return value as Json;
}

function readText(json: Json, key: string, fail: Fail): string | undefined {
  const value = json[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw fail('a field that must be text is not');
  return value;
}

function readEntry(value: unknown, fail: Fail): AuthEntry {
  const json = record(value, 'an entry', fail);
  const fields = {
    auth: readText(json, 'auth', fail),
    username: readText(json, 'username', fail),
    password: readText(json, 'password', fail),
    identityToken: readText(json, 'identitytoken', fail),
    registryToken: readText(json, 'registrytoken', fail),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));
}

/** `docker login` once wrote URLs as keys; only their host counts. */
function normalKey(key: string, form: 'current' | 'legacy'): string {
  const bare = key.replace(/^https?:\/\//i, '');
  const [host = '', ...path] = bare.replace(/\/+$/, '').split('/');
  const isUrl = form === 'legacy' || bare !== key;
  return [credentialHost(host), ...(isUrl ? [] : path)].join('/');
}

function decodePair(auth: string, fileName: string): [username: string, password: string] {
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(auth.trim());
  const pair = isBase64 ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const colon = pair.indexOf(':');
  if (colon < 0)
    throw malformedAuthFile(fileName, '"auth" of an entry is not base64 of "user:password"');
  // Some writers pad with NUL bytes, which docker takes off as well.
  return [pair.slice(0, colon), pair.slice(colon + 1).replace(/^\0+|\0+$/g, '')];
}
