import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasDockerRegistry } from '../support/docker-registry.ts';
import { makeImage } from '../support/images.ts';
import { type AtEnd, change, channelConfig, makeLab } from '../support/lab.ts';
import { requestsOf, writesOf } from './access-log.ts';
import { pull, pullAll, put, releaseRepositories, repositoryOf } from './hands.ts';

const both = channelConfig('4.16.5', '4.16.6');
const newer = channelConfig('4.16.6', '4.16.6');
const edit = change([both], [newer]);

async function tellStory(atEnd: AtEnd) {
  const upstream = { components: 191, shared: 60 };
  const lab = await makeLab({ kind: 'docker', upstream, atEnd });
  const foreign = repositoryOf(lab, lab.target, 'somebody/else');
  await put(foreign, makeImage({ seed: 'somebody else' }), 'v1');

  const mirrored = await lab.apply(change(undefined, [both]));
  const filled = await pullAll(lab, releaseRepositories);
  const [planned, planRequests] = await requestsOf(lab, () => lab.plan(edit));
  const applied = await lab.apply(edit);
  const left = await pullAll(lab, releaseRepositories);
  const [again, againRequests] = await requestsOf(lab, () => lab.apply(edit));
  const foreignDigest = await pull(foreign, 'v1');
  return {
    lab,
    mirrored,
    filled,
    planned,
    planRequests,
    applied,
    left,
    again,
    againRequests,
    foreignDigest,
  };
}

describe.skipIf(!hasDockerRegistry())('the story, with its true numbers', () => {
  let told: Awaited<ReturnType<typeof tellStory>>;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    told = await tellStory((work) => void ends.unshift(work));
  }, 300_000);
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('mirrors 384 placements', () => {
    expect(told.mirrored.planned.plan?.totals).toMatchObject({ mirror: 384, delete: 0 });
    expect(told.mirrored.applied?.result).toMatchObject({ status: 'applied', verified: 384 });
    expect(told.filled.size).toBe(384);
  });

  it('writes the resources by which clusters find them', () => {
    const { files = new Map() } = told.mirrored.applied ?? {};
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        'cluster-resources/idms-oc-mirror.yaml',
        'cluster-resources/itms-oc-mirror.yaml',
      ]),
    );
  });

  it('plans 132 deletes, 60 untags and 192 that stay', () => {
    expect(told.planned.plan?.totals).toMatchObject({
      mirror: 0,
      retag: 0,
      delete: 132,
      untag: 60,
      keep: 192,
      hold: 0,
      bytesAreExact: true,
    });
  });

  it('plans with GET and HEAD alone', () => {
    expect(told.planRequests.length).toBeGreaterThan(1);
    expect(writesOf(told.planRequests)).toEqual([]);
  });

  it('asks for the deletion of exactly that channel, from 4.16.5 to 4.16.5', () => {
    const text = told.planned.files.get('delete-imageset-config.yaml') ?? '';
    expect(parse(text)).toEqual({
      apiVersion: 'mirror.openshift.io/v2alpha1',
      kind: 'DeleteImageSetConfiguration',
      delete: {
        platform: {
          channels: [
            { name: 'stable-4.16', type: 'ocp', minVersion: '4.16.5', maxVersion: '4.16.5' },
          ],
        },
      },
    });
  });

  it('lists for deletion none of the 60 that both releases share', () => {
    const list = parse(told.planned.files.get('delete-images.yaml') ?? '');
    const images: string[] = list.items.map((item: { imageName: string }) => item.imageName);
    const [older, kept] = told.lab.upstream.releases;
    const digestsOf = (release: typeof kept) =>
      (release?.components ?? []).map(({ image }) => image.manifest.descriptor.digest);
    const staying = digestsOf(kept);
    const shared = digestsOf(older).filter((digest) => staying.includes(digest));
    expect(shared).toHaveLength(60);
    expect(images).toHaveLength(132);
    expect(images.filter((name) => shared.some((digest) => name.includes(digest)))).toEqual([]);
    expect(list.untag).toHaveLength(60);
  });

  it('applies what was planned, to the digest', () => {
    expect(told.applied.planned.plan?.digest).toBe(told.planned.plan?.digest);
    expect(told.applied.applied?.result.status).toBe('applied');
  });

  it('leaves no tag of 4.16.5, and all of 4.16.6 pulls whole by tag and digest', () => {
    const newerOnes = [...told.filled].filter(([place]) => place.includes(':4.16.6'));
    expect(newerOnes).toHaveLength(192);
    expect([...told.left].sort()).toEqual(newerOnes.sort());
  });

  it('leaves a foreign repository as it was', () => {
    const { manifest } = makeImage({ seed: 'somebody else' });
    expect(told.foreignDigest).toBe(manifest.descriptor.digest);
  });

  it('has nothing to do a second time, and writes nothing', () => {
    expect(told.again.applied?.result.status).toBe('nothing');
    expect(writesOf(told.againRequests)).toEqual([]);
  });
});
