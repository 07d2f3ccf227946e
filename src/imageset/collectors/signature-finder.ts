import type { Digest } from '../../oci/index.ts';
import { findSignature } from '../../release/index.ts';
import type { ReleaseSignature } from '../collector.ts';
import {
  keyringFor,
  openNamedKeys,
  type ReleaseCollectorOptions,
  warner,
} from './release-reader.ts';

/** The means to find signatures of mirrored releases; `registries.repository` opens the target. */
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

/** Without verification no server is asked for signatures: only those that an earlier run saved are used. */
const nothingPublished: ReleaseCollectorOptions['registries']['get'] = async () => ({
  status: 404,
  contentType: '',
  body: new Uint8Array(),
});

/**
 * Finds signatures of releases that no image set of this run names: clusters that run these releases still verify them.
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
    const ring = await keyringFor({ source: release }, options, keys);
    const image = `${registry}/${repository}@${digest}`;
    const { reference, bytes, fingerprint } = await findSignature({ digest, image }, ring, place);
    return { digest, tag: reference.tag, bytes, fingerprint };
  };
}
