import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asObject,
  checkLimit,
  compareText,
  isRecord,
  type JsonObject,
  readWithin,
} from '../base/index.ts';
import { ConfigError, MirrorError, messageOf } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';
import { type DockerName, scopesOf } from './docker-name.ts';
import { trustLimits } from './limits.ts';

/** The places of signatures of one scope; where a field is absent, wider scopes decide. */
interface Namespace {
  readonly lookaside?: string;
  readonly useAttachments?: boolean;
}

/** The places of signatures, by scope of images. @see containers-registries.d(5) */
export interface SignaturePlaces {
  readonly usual: Namespace;
  readonly scopes: ReadonlyMap<string, Namespace>;
}

function faultOf(file: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError('INPUT_INVALID', `${file} cannot be used: ${why}.`, {
    at: { file, line: 1, column: 1 },
    hint: 'containers-registries.d(5) describes the format.',
    cause,
  });
}

function readNamespace(value: unknown, file: string): Namespace {
  const { lookaside, sigstore, 'use-sigstore-attachments': use } = asObject(value);
  const url = lookaside || sigstore;
  if (url && typeof url !== 'string') throw faultOf(file, 'a lookaside is not a text');
  if (url && !URL.canParse(String(url))) throw faultOf(file, `"${String(url)}" is not a URL`);
  if (use !== undefined && use !== null && typeof use !== 'boolean') {
    throw faultOf(file, 'use-sigstore-attachments is neither true nor false');
  }
  return {
    ...(typeof url === 'string' && url !== '' && { lookaside: url }),
    ...(typeof use === 'boolean' && { useAttachments: use }),
  };
}

interface SignatureFile {
  readonly usual: Namespace | undefined;
  readonly scopes: readonly (readonly [string, Namespace])[];
}

/**
 * Reads one file of `registries.d`; `file` is its path, for messages.
 * @throws ConfigError `INPUT_INVALID`; ContentError `TOO_LARGE`
 */
export function parseSignatureFile(text: string, file: string): SignatureFile {
  checkLimit(file, text.length, trustLimits.registriesFile);
  let value: unknown;
  try {
    value = parseYaml(text, file);
  } catch (cause) {
    throw faultOf(file, messageOf(cause), cause);
  }
  if (value !== null && !isRecord(value)) throw faultOf(file, 'it is not a mapping');
  const object: JsonObject = asObject(value);
  const usual = object['default-docker'];
  const scopes = Object.entries(asObject(object['docker']));
  return {
    usual: isRecord(usual) ? readNamespace(usual, file) : undefined,
    scopes: scopes.map(([scope, one]) => [scope, readNamespace(one, file)] as const),
  };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  const files = names.filter((name) => name.endsWith('.yaml')).sort(compareText);
  return files.map((name) => join(directory, name));
}

/**
 * Reads the files `*.yaml` of a directory; without any, nothing is set.
 * @throws ConfigError `INPUT_INVALID` for a file that cannot be read, and where two files have one scope; ContentError `TOO_LARGE`
 */
export async function loadSignaturePlaces(directory: string | undefined): Promise<SignaturePlaces> {
  const scopes = new Map<string, Namespace>();
  const usual: Namespace[] = [];
  if (directory === undefined) return { usual: {}, scopes };
  const unread = (path: string) => (cause: unknown) => {
    throw cause instanceof MirrorError ? cause : faultOf(path, messageOf(cause), cause);
  };
  for (const file of await filesIn(directory).catch(unread(directory))) {
    const bytes = await readWithin(file, trustLimits.registriesFile).catch(unread(file));
    const read = parseSignatureFile(bytes.toString(), file);
    if (read.usual) usual.push(read.usual);
    if (usual.length > 1) throw faultOf(file, 'an earlier file has default-docker too');
    for (const [scope, one] of read.scopes) {
      if (scopes.has(scope)) throw faultOf(file, `an earlier file has "${scope}" too`);
      scopes.set(scope, one);
    }
  }
  return { usual: usual[0] ?? {}, scopes };
}

/** Gives the first answer of the scopes of an image, the narrowest first. */
function firstOf<Key extends keyof Namespace>(
  { usual, scopes }: SignaturePlaces,
  image: DockerName,
  key: Key,
): Namespace[Key] {
  const found = scopesOf(image).map((scope) => scopes.get(scope)?.[key]);
  return found.find((one) => one !== undefined) ?? usual[key];
}

/** Gives the address below which OpenPGP signatures of an image lie, if one is set. */
export function lookasideOf(places: SignaturePlaces, image: DockerName): string | undefined {
  return firstOf(places, image, 'lookaside');
}

/** Tells whether cosign's signatures beside an image count. Without a setting they do, as in oc-mirror. */
export function usesAttachments(places: SignaturePlaces, image: DockerName): boolean {
  return firstOf(places, image, 'useAttachments') ?? true;
}
