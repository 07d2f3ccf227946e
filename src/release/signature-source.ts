import { ContentError, type MirrorError, messageOf, RegistryError } from '../errors.ts';
import { type Digest, hexOf } from '../oci/index.ts';
import type { Registries } from '../registry/index.ts';
import { trustLimits } from '../trust/index.ts';
import { type Keyring, type SignedRelease, verifySignature } from './signature.ts';
import type { Workspace } from './workspace.ts';

/** The addresses at which the signatures of each kind of release are published. @see oc-mirror v2, "Mirror OKD" */
const publishers = {
  ocp: 'https://mirror.openshift.com/pub/openshift-v4/signatures/openshift/release/',
  okd: 'https://storage.googleapis.com/openshift-ci-release/releases/signatures/openshift/release/',
} as const;

/** So many signatures of one release are tried; publishers number them from 1 without gaps. */
const maxSignatures = 10;

/** The settings for fetching signatures. */
export interface SignatureSourceOptions {
  readonly get: Registries['get'];
  readonly workspace: Workspace;
  /** Absent: OCP. */
  readonly type?: keyof typeof publishers | undefined;
  /** Environment: `OCP_SIGNATURE_URL` replaces the address of the signatures. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warn: (message: string) => void;
}

/** A signature that was verified, with its bytes. */
export interface VerifiedSignature extends SignedRelease {
  readonly bytes: Uint8Array;
}

/** Gives the base address of signatures; it ends in a slash. */
function signatureBase(options: Pick<SignatureSourceOptions, 'env' | 'warn' | 'type'>): string {
  const usual = publishers[options.type ?? 'ocp'];
  const override = options.env['OCP_SIGNATURE_URL'];
  if (!override) return usual;
  if (!URL.canParse(override)) {
    options.warn(`Invalid URL provided in OCP_SIGNATURE_URL, falling back to ${usual}`);
    return usual;
  }
  return override.endsWith('/') ? override : `${override}/`;
}

async function* savedSignatures(
  digest: Digest,
  { workspace }: SignatureSourceOptions,
): AsyncGenerator<Uint8Array> {
  for (const name of await workspace.list('signatures')) {
    if (!name.includes(hexOf(digest))) continue;
    const bytes = await workspace.read(`signatures/${name}`);
    if (bytes && bytes.byteLength > 0) yield bytes;
  }
}

async function* publishedSignatures(
  digest: Digest,
  options: SignatureSourceOptions,
): AsyncGenerator<Uint8Array> {
  const base = signatureBase(options);
  for (let number = 1; number <= maxSignatures; number += 1) {
    const url = `${base}${digest.replace(':', '=')}/signature-${number}`;
    const answer = await options
      .get(url, {
        headers: { 'content-type': 'application/json' },
        maxBytes: trustLimits.openPgpMessage.most,
      })
      .catch((cause: unknown) => {
        throw unreachable(cause);
      });
    if (answer.status !== 200 || answer.body.byteLength === 0) return;
    yield answer.body;
  }
}

function unreachable(cause: unknown): MirrorError {
  const message = `http request ${messageOf(cause)}`;
  return cause instanceof RegistryError
    ? new RegistryError(cause.code, message, { ...cause, cause, isFinal: false })
    : new ContentError('SIGNATURE_MISSING', message, { cause });
}

/**
 * Gives the first valid signature of a release: a saved one of an earlier run, else a published one.
 *
 * A saved file is verified too. `image` is for the message only.
 * Effects: saves a valid signature as `signatures/<tag>-sha256-<hex>`.
 * @throws ContentError `SIGNATURE_MISSING` if there is none, `SIGNATURE_INVALID` (the first refusal) if none is valid;
 *   RegistryError if the server gives no answer.
 */
export async function findSignature(
  release: { readonly digest: Digest; readonly image: string },
  ring: Keyring,
  options: SignatureSourceOptions,
): Promise<VerifiedSignature> {
  const { digest, image } = release;
  let refusal: unknown;
  for (const source of [savedSignatures, publishedSignatures]) {
    for await (const bytes of source(digest, options)) {
      try {
        const signed = await verifySignature(digest, bytes, ring);
        await save(signed, bytes, options.workspace);
        return { ...signed, bytes };
      } catch (thrown) {
        refusal ??= thrown;
      }
    }
  }
  if (refusal !== undefined) throw refusal;
  throw new ContentError(
    'SIGNATURE_MISSING',
    `no signature found for ${hexOf(digest)} image ${image}`,
    { hint: 'Set OCP_SIGNATURE_URL to where the signatures of these releases are published.' },
  );
}

async function save(signed: SignedRelease, bytes: Uint8Array, workspace: Workspace): Promise<void> {
  const name = `${signed.reference.tag}-sha256-${hexOf(signed.digest)}`;
  if ((await workspace.list('signatures')).includes(name)) return;
  await workspace.write(`signatures/${name}`, bytes);
}
