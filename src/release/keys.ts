import { readFile } from 'node:fs/promises';
import { asObject, texts } from '../base/index.ts';
import { ConfigError, messageOf } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';

/**
 * Fingerprints of the keys that Red Hat publishes for OpenShift releases.
 *
 * A key from a payload counts only if its fingerprint is in this list; the keys themselves are not stored here.
 * @see https://access.redhat.com/security/team/key
 */
export const pinnedFingerprints: ReadonlySet<string> = new Set([
  '567E347AD0044ADE55BA8A5F199E2F91FD431D51', // release key 2
  'B08B659EE86AF623BC90E8DB938A80CAF21541EB', // beta key 2
  '6A6AA7C97C8890AEC6AEBFE2F76F66C3D4082792', // auxiliary key
]);

/**
 * Fingerprints of the keys with which OKD's releases are signed. They are keys of the CI system, and are trusted for OKD alone.
 * @see openshift/cluster-update-keys, `keys/verifier-public-key-openshift-ci-3` and `-4`
 */
export const okdFingerprints: ReadonlySet<string> = new Set([
  'FE526D8F6FEDC123BE219E45CF4B45E2071F0337', // openshift-ci-3
  '6A9588F07F2D3AE7973AD2A9193E53CCD2E2F7A4', // openshift-ci-4
]);

/** Sources of release keys; the first that is set wins. */
export interface KeySettings {
  /** Armored keys, or the path of a file with them. */
  readonly signatureKeys?: string | undefined;
  /** Environment: `OCP_SIGNATURE_VERIFICATION_PK`, a path. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (message: string) => void;
}

function isArmored(text: string): boolean {
  return text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----');
}

/**
 * Gives the armored keys that the user named; `undefined` if there are none, so that the pinned keys decide.
 * @throws ConfigError `INPUT_INVALID` if `signatureKeys` is neither a key nor a readable file with one.
 */
export async function namedKeys(settings: KeySettings): Promise<string | undefined> {
  const named = settings.signatureKeys?.trim();
  if (named) return await keysOf(named);
  const path = settings.env['OCP_SIGNATURE_VERIFICATION_PK'];
  if (!path) return undefined;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text) return text;
  settings.warn(`unable to read file ${path}, fallback to using default PGP key`);
  return undefined;
}

async function keysOf(named: string): Promise<string> {
  if (isArmored(named)) return named;
  const text = await readFile(named, 'utf8').catch((cause: unknown) => {
    const message = `Cannot read the keys of signatures: ${messageOf(cause)}`;
    const hint = 'Give armored public keys, or the path of a file that holds them.';
    throw new ConfigError('INPUT_INVALID', message, { cause, hint });
  });
  if (isArmored(text)) return text;
  const message = `The keys of signatures: ${named} holds no armored public key.`;
  throw new ConfigError('INPUT_INVALID', message);
}

/** Gives the armored keys of a payload's ConfigMap; they count only with a pinned fingerprint. */
export function keysOfConfigMap(text: string): readonly string[] {
  try {
    const configMap = asObject(parseYaml(text, 'The ConfigMap'));
    return texts(Object.values(asObject(configMap['data']))).filter(isArmored);
  } catch {
    return [];
  }
}
