import { describe, expect, it } from 'vitest';
import { beginningWithAnother, ensureRepository } from '../../src/fake-registry/index.ts';
import { probe } from '../../src/run/index.ts';
import { renderComment } from '../../src/views/index.ts';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { makeImageLab, mirrorAll, publish } from './image-lab.ts';

describe('a probe', () => {
  it('finds that a capable registry can do everything, and leaves nothing behind', async () => {
    const lab = await makeImageLab({ sparseIndexes: 'accepted' });
    const { abilities, product } = await probe(lab.settings());
    expect(new Set(Object.values(abilities))).toEqual(new Set(['yes']));
    expect(product.collect).not.toBe('');
    const repository = ensureRepository(lab.to.store, 'imageset-mirror/probe');
    expect([...repository.tags]).toEqual([]);
    expect([...repository.manifests.keys()]).toEqual([]);
  });

  it.each([
    ['deleteByDigest', { digestDelete: 'off' }],
    ['deleteTag', { tagDelete: 'off' }],
    ['moveTag', { immutableTags: 412 }],
    ['referrersApi', { referrers: 'off' }],
    ['mountBlobs', { mounts: 'off' }],
    ['sparseIndex', { sparseIndexes: 'refused' }],
    ['keepOtherTags', { tagDelete: 'greedy' }],
    ['listAllTags', { hidesTags: beginningWithAnother }],
  ] as const)('finds that a registry lacks %s', async (ability, settings) => {
    const lab = await makeImageLab(settings);
    expect((await probe(lab.settings())).abilities[ability]).toBe('no');
  });

  it('believes what the registry does, not what it answers', async () => {
    const lab = await makeImageLab();
    lab.to.faults.add({
      method: 'DELETE',
      path: /manifests\/probe-longer$/,
      status: 202,
      times: 9,
    });
    expect((await probe(lab.settings())).abilities.deleteTag).toBe('no');
  });

  it.each([429, 500])('knows nothing of an ability that was answered by %i', async (status) => {
    const lab = await makeImageLab();
    lab.to.faults.add({ method: 'DELETE', path: /manifests\/probe-longer$/, status, times: 99 });
    const { abilities } = await probe(lab.settings());
    expect(abilities).toMatchObject({ deleteTag: 'unknown', keepOtherTags: 'unknown' });
  });

  it('lets the next plan say what will be held', async () => {
    const lab = await makeImageLab({ digestDelete: 'off' });
    const name = await publish(lab, 'team/app', makeImage({ seed: 'old' }), 'v1');
    await publish(lab, 'team/app', makeImage({ seed: 'kept' }), 'v2');
    const [two, one] = [imagesConfig([`${name}:v1`, `${name}:v2`]), imagesConfig([`${name}:v2`])];
    await mirrorAll(lab, two);
    await probe(lab.settings());
    const { plan } = await lab.plan(change([two], [one]));
    expect(plan && renderComment(plan)).toContain(
      'The registry does not delete: 1 image will be held.',
    );
  });
});
