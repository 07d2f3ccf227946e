import { ConfigError, messageOf } from '../../errors.ts';
import type { Clock, Logger } from '../../log.ts';
import type { Credential, CredentialOrigin, CredentialSource } from '../options.ts';
import {
  type AuthFile,
  credentialHost,
  credentialOf,
  findAuthEntry,
  userCredential,
} from './auth-file.ts';
import { type FoundAuthFile, readAuthFiles } from './auth-places.ts';
import { askCredentialHelper } from './credential-helper.ts';

/** Where one side's credentials come from. Everything but `env` and `log` is optional. */
export interface CredentialOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of an auth file. */
  readonly authFile?: string | undefined;
  /** JSON of an auth file; asked before any file. */
  readonly authText?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly registryToken?: string | undefined;
  /** Use no credentials at all. */
  readonly anonymous?: boolean | undefined;
  /** The host for which `username`, `password` and `registryToken` count; all other hosts ask the files. Absent: every host. */
  readonly only?: string | undefined;
  readonly log: Logger;
  /** With a clock, a helper's answer is asked for again after ten minutes: cloud helpers hand out tokens that end. */
  readonly clock?: Clock | undefined;
}

const credentialHelperAnswerMs = 10 * 60_000;

/**
 * Makes a source of credentials that looks where containers and docker look.
 *
 * Order: a username, password or token that was given; else the auth files ({@link readAuthFiles}), of which the first that knows the repository
 * wins; inside a file the helper of the host, then the longest matching key, then the credential store.
 * Effects: files are read once, at the first look-up; a helper runs once for each host.
 * `lookup` throws ConfigError `INPUT_INVALID` for a file that was named and is missing or malformed, RegistryError
 * `CREDENTIALS` for a helper that such a file names and that fails. In the usual places both are one warning.
 * @throws ConfigError `INPUT_INVALID` for a username without a password, or the other way round.
 * @see containers-auth.json(5)
 */
export function createCredentialSource(options: CredentialOptions): CredentialSource {
  if (options.anonymous) return { lookup: async () => undefined };
  const given = givenCredential(options);
  const only = options.only === undefined ? undefined : credentialHost(options.only);
  const search = createFileSearch(options);
  const isGiven = (registry: string) => only === undefined || only === credentialHost(registry);
  const find = async (registry: string, repository: string) =>
    (await search.find(registry, repository))?.credential;
  return {
    lookup: async (registry, repository) =>
      given && isGiven(registry) ? given : find(registry, repository),
    entryFor: (host) => find(host, ''),
    async explain(registry, repository) {
      if (given && isGiven(registry)) return { from: describeGiven(given), looked: [] };
      return await search.explain(registry, repository);
    },
  };
}

function describeGiven(given: Credential): string {
  return given.kind === 'basic'
    ? 'the user name and password that were given'
    : 'the token that was given';
}

function givenCredential(options: CredentialOptions): Credential | undefined {
  const { username, password, registryToken } = options;
  if (registryToken) return { kind: 'registry-token', token: registryToken };
  if (!username && !password) return undefined;
  if (!username || !password) {
    throw new ConfigError('INPUT_INVALID', 'A username and a password have to come together.', {
      hint: `Give the ${username ? 'password' : 'username'} too, or neither.`,
    });
  }
  return userCredential(username, password);
}

/** A credential, and where it came from in words. */
interface FoundCredential {
  readonly credential: Credential;
  readonly from: string;
}

interface Search {
  find(registry: string, repository: string): Promise<FoundCredential | undefined>;
  explain(registry: string, repository: string): Promise<CredentialOrigin>;
}

function named(credential: Credential | undefined, from: string): FoundCredential | undefined {
  return credential && { credential, from };
}

function createFileSearch(options: CredentialOptions): Search {
  const askHelper = createCredentialHelperDesk(options);
  const warned = new Set<string>();
  let files: Promise<readonly FoundAuthFile[]> | undefined;

  async function ask(helper: string, registry: string, { name }: AuthFile) {
    const from = `the answer of the credential helper ${JSON.stringify(helper)} of ${name}`;
    return named(await askHelper(helper, registry), from);
  }

  async function searchOne({ file }: FoundAuthFile, registry: string, repository: string) {
    const helper = file.helpers.get(credentialHost(registry));
    if (helper) return ask(helper, registry, file);
    const entry = findAuthEntry(file, registry, repository);
    const [key = registry] = [...file.entries].find(([, one]) => one === entry) ?? [];
    const from = `the entry ${JSON.stringify(key)} of ${file.name}`;
    const found = entry && named(credentialOf(entry, file.name), from);
    return found ?? (file.store ? ask(file.store, registry, file) : undefined);
  }

  function passOver({ file, named: isNamed }: FoundAuthFile, error: unknown): undefined {
    if (isNamed) throw error;
    if (warned.has(file.name)) return;
    warned.add(file.name);
    options.log.log('warn', `${file.name}: ${messageOf(error)} It is passed over.`);
  }

  async function find(registry: string, repository: string) {
    files ??= readAuthFiles(options);
    for (const file of await files) {
      const found = await searchOne(file, registry, repository).catch((error: unknown) =>
        passOver(file, error),
      );
      if (found) return found;
    }
    return undefined;
  }

  return {
    find,
    async explain(registry, repository) {
      const found = await find(registry, repository);
      const looked = ((await files) ?? []).map(({ file }) => file.name);
      return { looked, ...(found && { from: found.from }) };
    },
  };
}

/** Asks each helper once for each host, however many repositories ask at the same time. */
function createCredentialHelperDesk(options: CredentialOptions) {
  const answers = new Map<string, { until: number; answer: Promise<Credential | undefined> }>();
  return (helper: string, registry: string): Promise<Credential | undefined> => {
    const key = `${helper} ${credentialHost(registry)}`;
    const now = options.clock?.now() ?? 0;
    const known = answers.get(key);
    if (known && known.until > now) return known.answer;
    const answer = askCredentialHelper(helper, registry, { env: options.env });
    answers.set(key, { until: now + credentialHelperAnswerMs, answer });
    return answer;
  };
}
