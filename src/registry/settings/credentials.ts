import { ConfigError, messageOf } from '../../errors.ts';
import type { Clock, Logger } from '../../log.ts';
import type { Credential, CredentialSource } from '../options.ts';
import { credentialHost, credentialOf, findAuthEntry, userCredential } from './auth-file.ts';
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
  return {
    async lookup(registry, repository) {
      const isGiven = given && (only === undefined || only === credentialHost(registry));
      return isGiven ? given : search(registry, repository);
    },
    entryFor: (host) => search(host, ''),
  };
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

type Search = (registry: string, repository: string) => Promise<Credential | undefined>;

function createFileSearch(options: CredentialOptions): Search {
  const askHelper = createCredentialHelperDesk(options);
  const warned = new Set<string>();
  let files: Promise<readonly FoundAuthFile[]> | undefined;

  async function searchOne({ file }: FoundAuthFile, registry: string, repository: string) {
    const helper = file.helpers.get(credentialHost(registry));
    if (helper) return askHelper(helper, registry);
    const entry = findAuthEntry(file, registry, repository);
    const credential = entry && credentialOf(entry, file.name);
    return credential ?? (file.store ? askHelper(file.store, registry) : undefined);
  }

  function passOver({ file, named }: FoundAuthFile, error: unknown): undefined {
    if (named) throw error;
    if (warned.has(file.name)) return;
    warned.add(file.name);
    options.log.log('warn', `${file.name}: ${messageOf(error)} It is passed over.`);
  }

  return async (registry, repository) => {
    files ??= readAuthFiles(options);
    for (const found of await files) {
      const credential = await searchOne(found, registry, repository).catch((error: unknown) =>
        passOver(found, error),
      );
      if (credential) return credential;
    }
    return undefined;
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
