import { ContentError, RegistryError } from '../errors.ts';
import {
  algorithmOf,
  type Descriptor,
  type Digest,
  digestOf,
  isDigest,
  type Manifest,
  manifestMediaTypes,
  maxManifestBytes,
  parseManifest,
} from '../oci/index.ts';
import type { Call, Host } from './host.ts';
import { isByDigest, isTied, type Place, type Places, readFirst, readTied } from './place.ts';
import type { Deletion, ManifestStore, Repository } from './repository.ts';
import { errorFrom, expectStatus, readBytes } from './response.ts';
import type { Answer } from './transport.ts';

const accept = manifestMediaTypes.join(', ');

/** Gives the manifests of a repository. @see distribution-spec v1.1, end-3, end-7, end-9 */
export function createManifestStore(places: Places): ManifestStore {
  const read = <T>(reference: string, ask: (place: Place) => Promise<T | undefined>) =>
    isTied(reference)
      ? readTied(places.toRead('digest'), ask)
      : readFirst(places.toRead(isByDigest(reference) ? 'digest' : 'tag'), ask);
  return {
    resolve: (reference) => read(reference, (place) => resolveManifest(place, reference)),
    fetch: (reference) => read(reference, (place) => fetchManifest(place, reference)),
    push: (manifest, tag) => pushManifest(places.origin, manifest, tag),
    delete: (digest) => deleteReference(places.origin, digest),
  };
}

function call({ name }: Place, method: 'GET' | 'HEAD', reference: string): Call {
  const at = `/v2/${name}/manifests/${reference}`;
  return { method, at, access: { repository: name, verb: 'pull' }, headers: { accept } };
}

/** A HEAD that fails in any way, or says too little, is followed by one GET: some storage answers only that. */
async function resolveManifest(place: Place, reference: string): Promise<Descriptor | undefined> {
  const { quirks } = place.host;
  const said = quirks.lacksHead
    ? { isRefused: true }
    : await place.host.patiently(() => askHead(place, reference));
  if (!said.isRefused) return said.found;
  const found = (await fetchManifest(place, reference))?.descriptor;
  if (found && said.isFinal) quirks.lacksHead = true;
  return found;
}

/** The answer to a HEAD; `isFinal`: the host gives it for every manifest. */
interface HeadSaid {
  readonly found?: Descriptor | undefined;
  readonly isRefused: boolean;
  readonly isFinal?: boolean;
}

async function askHead(place: Place, reference: string): Promise<HeadSaid> {
  const answer = await place.host.once(call(place, 'HEAD', reference)).catch(ofServer);
  await answer?.drop();
  // Where a redirect led, 404 may mean that the storage knows no HEAD.
  if (answer?.status === 404 && isAtRegistry(answer, place)) return { isRefused: false };
  const found = answer?.status === 200 ? readHead(answer, reference) : undefined;
  return { found, isRefused: !found, isFinal: answer !== undefined && answer.status !== 200 };
}

/** An overloaded or unreachable host does not tell whether it supports HEAD. */
function ofServer(error: unknown): undefined {
  const status = error instanceof RegistryError ? error.status : undefined;
  if (status === undefined || status === 429 || status === 503) throw error;
}

function isAtRegistry({ asked }: Answer, { name }: Place): boolean {
  return asked.url.pathname.startsWith(`/v2/${name}/`);
}

function readHead(answer: Answer, reference: string): Descriptor | undefined {
  const mediaType = answer.header('content-type')?.split(';', 1)[0]?.trim();
  const size = Number(answer.header('content-length') ?? Number.NaN);
  const named = answer.header('docker-content-digest');
  const digest = named ?? (isByDigest(reference) ? reference : '');
  if (!mediaType || !manifestMediaTypes.includes(mediaType)) return undefined;
  if (!Number.isSafeInteger(size) || !isDigest(digest)) return undefined;
  const isOther = isByDigest(reference) && digest !== reference;
  return isOther ? undefined : { mediaType, digest, size };
}

async function fetchManifest(place: Place, reference: string): Promise<Manifest | undefined> {
  return place.host.call(call(place, 'GET', reference), async (answer) => {
    if (answer.status === 404) {
      await answer.drop();
      return undefined;
    }
    await expectStatus(answer, 200);
    const raw = await readBytes(answer, maxManifestBytes);
    const named = answer.header('docker-content-digest') ?? '';
    const expected = isByDigest(reference) ? reference : isDigest(named) ? named : undefined;
    if (expected) verify(raw, expected, place);
    const algorithm = expected ? algorithmOf(expected) : 'sha256';
    return parseManifest(raw, answer.header('content-type'), algorithm);
  });
}

function verify(raw: Uint8Array, expected: Digest, { host, name }: Place): void {
  const actual = digestOf(raw, algorithmOf(expected));
  if (actual === expected) return;
  throw new ContentError(
    'DIGEST_MISMATCH',
    `A manifest of ${host.registry}/${name} is not what its digest names.`,
    { expected, actual, hint: `Check the storage of ${host.registry}, or a proxy before it.` },
  );
}

async function pushManifest(
  { host, name }: Place,
  { raw, descriptor }: Manifest,
  tag?: string,
): Promise<void> {
  await host.call(
    {
      method: 'PUT',
      at: `/v2/${name}/manifests/${tag ?? descriptor.digest}`,
      access: { repository: name, verb: 'push' },
      headers: { 'content-type': descriptor.mediaType, 'content-length': String(raw.byteLength) },
      body: () => raw,
    },
    async (answer) => {
      await expectStatus(answer, 200, 201, 202);
      await answer.drop();
      const named = answer.header('docker-content-digest') ?? '';
      // A registry may name the same bytes by another algorithm than ours.
      if (isDigest(named)) verify(raw, named, { host, name });
    },
  );
}

/**
 * Deletes a manifest or a tag: one DELETE. After a 404, one HEAD checks whether it is really absent; if not, the registry
 * is asked once more.
 * @throws RegistryError `UNSUPPORTED` for 400, 405, 406 and 501, for any status with that code, and for a 404 although it is
 * still there.
 */
export async function deleteReference(place: Place, reference: string): Promise<Deletion> {
  let unknown = await askToDelete(place, reference);
  for (let asked = 1; unknown; asked += 1) {
    // Some registries answer 404 to every request that they do not support.
    if (!(await resolveManifest(place, reference))) return 'absent';
    if (asked === 2) throw unsupported(unknown, place.host);
    unknown = await askToDelete(place, reference);
  }
  return 'deleted';
}

/** Gives the 404 of a registry that has nothing to delete. */
function askToDelete({ host, name }: Place, reference: string): Promise<RegistryError | undefined> {
  const at = `/v2/${name}/manifests/${reference}`;
  const access = { repository: name, verb: 'delete' } as const;
  return host.call({ method: 'DELETE', at, access }, async (answer) => {
    if ([200, 202, 204].includes(answer.status)) {
      await answer.drop();
      return undefined;
    }
    const error = await errorFrom(answer);
    if (answer.status === 404) return error;
    throw asUnsupported(error, host);
  });
}

/** Statuses by which registries say that they do not delete, or not like this. */
const deleteRefusals: readonly number[] = [400, 405, 406, 501];

function asUnsupported(error: RegistryError, { registry }: Host): RegistryError {
  const { status = 0, specCodes } = error;
  const isNamed = specCodes.includes('UNSUPPORTED') && status < 500;
  return deleteRefusals.includes(status) || isNamed ? unsupported(error, { registry }) : error;
}

function unsupported(error: RegistryError, { registry }: Pick<Host, 'registry'>): RegistryError {
  const { status, message, specCodes, method, url } = error;
  return new RegistryError('UNSUPPORTED', message, {
    method,
    url,
    status,
    specCodes,
    hint: `Allow deletes in the configuration of ${registry}; Distribution calls it storage.delete.enabled.`,
  });
}

/**
 * Asks for a manifest where a wrong answer of absence would do harm: one HEAD, and if that finds none, one GET.
 *
 * Some registries answer 404 to every HEAD, and caches do so for what they have not fetched yet.
 */
export async function findManifest(
  { manifests }: Pick<Repository, 'manifests'>,
  reference: Digest | string,
): Promise<Descriptor | undefined> {
  return (await manifests.resolve(reference)) ?? (await manifests.fetch(reference))?.descriptor;
}
