import { isDigest, mediaTypes } from '../oci/index.ts';
import type { RepositoryCall } from './manifests.ts';
import { type FakeResponse, jsonAnswer, refusal } from './message.ts';
import { type StoredRepository, storedManifest } from './store.ts';

/** Answers `/v2/<name>/tags/list`, a page at a time. @see distribution-spec v1.1, end-8 */
export function answerTags(call: RepositoryCall, query: URLSearchParams): FakeResponse {
  const { store, settings, request, name } = call;
  if (request.method !== 'GET') return refusal(405, { code: 'UNSUPPORTED' });
  const repository = store.get(name);
  if (!repository) return refusal(404, { code: 'NAME_UNKNOWN' });
  const last = query.get('last') ?? '';
  const rest = [...repository.tags.keys()].sort().filter((tag) => tag > last);
  const length = Math.min(settings.pageSize, Number(query.get('n') ?? settings.pageSize));
  const page = rest.slice(0, length);
  const hidden = new Set(settings.hidesTags(page));
  const next = `</v2/${name}/tags/list?n=${length}&last=${page.at(-1) ?? ''}>; rel="next"`;
  const hasNext = rest.length > page.length && settings.pageLinks === 'given';
  const tags = page.filter((tag) => !hidden.has(tag));
  return jsonAnswer(200, { name, tags }, hasNext ? { link: next } : {});
}

function referrersOf(repository: StoredRepository, subject: string): readonly unknown[] {
  return [...repository.manifests.keys()].flatMap((digest) => {
    const manifest = storedManifest(repository, digest);
    if (manifest?.subject?.digest !== subject) return [];
    const config = manifest.kind === 'image' ? manifest.config.mediaType : undefined;
    const artifactType = manifest.artifactType ?? config;
    const { annotations } = manifest;
    return [
      {
        ...manifest.descriptor,
        ...(artifactType && { artifactType }),
        ...(annotations && { annotations }),
      },
    ];
  });
}

/** Answers `/v2/<name>/referrers/<digest>`, a page at a time. @see distribution-spec v1.1, end-12 */
export function answerReferrers(call: RepositoryCall, query: URLSearchParams): FakeResponse {
  const { store, settings, name, reference } = call;
  if (settings.referrers === 'off') return refusal(404, { code: 'UNSUPPORTED' });
  if (!isDigest(reference)) return refusal(400, { code: 'DIGEST_INVALID' });
  const repository = store.get(name);
  const all = repository ? referrersOf(repository, reference) : [];
  const start = Number(query.get('start') ?? 0);
  const end = start + settings.pageSize;
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: all.slice(start, end),
  };
  const next = `</v2/${name}/referrers/${reference}?start=${end}>; rel="next"`;
  return jsonAnswer(200, index, {
    'content-type': mediaTypes.ociIndex,
    ...(end < all.length && { link: next }),
  });
}
