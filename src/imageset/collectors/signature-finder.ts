import type { Digest } from '../../oci/index.ts';
import { findSignature } from '../../release/index.ts';
import type { ReleaseSignature } from '../collector.ts';
import {
  keyringFor,
  openNamedKeys,
  type ReleaseCollectorOptions,
  warner,
} from './release-reader.ts';

/** What signatures of mirrored releases are found with; `registries.repository` opens the target. */
export type SignatureFinderOptions = Pick<
  ReleaseCollectorOptions,
  'registries' | 'cache' | 'workspace' | 'env' | 'log' | 'signatureKeys' | 'verifySignatures'
>;

/** A release that lies in the target. */
export interface MirroredRelease {
  readonly registry: string;
  readonly repository: string;
  readonly digest: Digest;
}

/**
 * Gives the signature of a release that was mirrored before.
 * @throws ContentError, RegistryError when none is found that verifies
 */
export type SignatureFinder = (release: MirroredRelease) => Promise<ReleaseSignature>;

/** Where nothing is verified, nobody is asked for signatures: only what an earlier run saved is used. */
const nothingPublished: ReleaseCollectorOptions['registries']['get'] = async () => ({
  status: 404,
  contentType: '',
  body: new Uint8Array(),
});

/**
 * Opens the way to signatures of releases that no image set of this run may name: clusters that run them verify them still.
 *
 * A signature comes from the workspace, else from where they are published; the keys from the user, else from the release
 * in the target itself.
 */
export function createSignatureFinder(options: SignatureFinderOptions): SignatureFinder {
  const { registries, workspace, env, verifySignatures } = options;
  const keys = openNamedKeys(options);
  const get = verifySignatures === 'off' ? nothingPublished : registries.get;
  const place = { get, workspace, env, warn: warner(options) };
  return async (release) => {
    const { registry, repository, digest } = release;
    const ring = await keyringFor(release, options, keys);
    const image = `${registry}/${repository}@${digest}`;
    const { reference, bytes, fingerprint } = await findSignature({ digest, image }, ring, place);
    return { digest, tag: reference.tag, bytes, fingerprint };
  };
}
