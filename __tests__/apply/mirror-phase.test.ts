import { expect, it } from 'vitest';
import { mirrorAll } from '../../src/apply/mirror-phase.ts';
import type { BegunRequest } from '../../src/apply/request.ts';
import { StorageError } from '../../src/errors.ts';
import type { Repository } from '../../src/registry/index.ts';
import { makeImage } from '../support/images.ts';
import { changeOf } from '../support/plans.ts';
import { fakeClock } from '../support/wire.ts';
import { makeEnds, place } from './target.ts';

it('a full disk skips the images that are left, without a look at their source', async () => {
  const { source, endpoints, wanted, asked } = await makeEnds();
  const deeds = ['one', 'two', 'three'].map((tag) => {
    const image = makeImage({ seed: tag });
    place(source, image, tag);
    const { registry, repository } = wanted(image, tag).source;
    const { digest, mediaType, size } = image.manifest.descriptor;
    const from = `${registry}/${repository}`;
    return { ...changeOf('mirror', tag), digest, mediaType, size, source: from };
  });
  const push = async () => {
    throw new StorageError('STORAGE_FULL', 'No space is left.', {});
  };
  const full = (repository: Repository): Repository => ({
    ...repository,
    blobs: { ...repository.blobs, push },
  });
  const target = {
    ...endpoints.target,
    repository: (...facts: Parameters<typeof endpoints.target.repository>) =>
      full(endpoints.target.repository(...facts)),
  };
  const observation = { repositories: new Map(), content: new Map(), present: new Set() };
  const request = {
    endpoints: { ...endpoints, target, parallel: 1 },
    clock: fakeClock(),
    input: { observation, state: [] },
    listener: () => undefined,
  } as unknown as BegunRequest;
  const outcomes = await mirrorAll(deeds, request);
  expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'skipped', 'skipped']);
  expect(asked().source.filter((line) => line.includes('manifests/'))).toHaveLength(1);
});
