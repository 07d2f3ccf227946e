import { describe, expect, it } from 'vitest';
import { change, channelConfig, imagesConfig, type Lab, makeLab } from '../support/lab.ts';
import { pull, pullAll, releaseRepositories, repositoryOf, retag } from './hands.ts';

const lab1 = 'lab/imageset-config.yaml';
const lab2 = 'production/imageset-config.yaml';
const both = (name: string) => channelConfig('4.16.5', '4.16.6', name);
const newer = (name: string) => channelConfig('4.16.6', '4.16.6', name);

async function tagsOf(lab: Lab, version: string): Promise<readonly string[]> {
  const pulled = await pullAll(lab, releaseRepositories);
  return [...pulled.keys()].filter((place) => place.includes(`:${version}`));
}

describe('two image sets of which one gives up a release', () => {
  it('leave it to the other, by name, when both are in the run', async () => {
    const lab = await makeLab();
    const before = [both(lab1), both(lab2)];
    await lab.apply(change(undefined, before));
    const { planned, applied } = await lab.apply(change(before, [newer(lab1), both(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 0, untag: 0, hold: 8, keep: 8 });
    const held = planned.plan?.changes.filter(({ action }) => action === 'hold') ?? [];
    for (const { reason, holders } of held) {
      expect({ reason, holders }).toEqual({
        reason: 'wanted-elsewhere',
        holders: [{ kind: 'image-set', name: lab2 }],
      });
    }
    expect(applied?.result.status).toBe('nothing');
    expect(await tagsOf(lab, '4.16.5')).toHaveLength(8);
  });

  it('leave it to the other when the run knows that one only from the state', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both(lab1), both(lab2)]));
    // A run that speaks for one of them does not speak for the other.
    await lab.apply(change([both(lab1)], [both(lab1)]));
    const { planned } = await lab.apply(change([both(lab1)], [newer(lab1)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 0, untag: 0, hold: 8 });
    expect(planned.plan?.changes).toContainEqual(
      expect.objectContaining({
        reason: 'wanted-elsewhere',
        holders: [{ kind: 'image-set', name: lab2 }],
      }),
    );
    expect(await tagsOf(lab, '4.16.5')).toHaveLength(8);
  });

  it('let it go when the other gives it up too', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both(lab1), both(lab2)]));
    await lab.apply(change([both(lab1)], [newer(lab1)]));
    const { planned, applied } = await lab.apply(change([both(lab2)], [newer(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0 });
    expect(applied?.result.status).toBe('applied');
    expect(await tagsOf(lab, '4.16.5')).toEqual([]);
    expect(await tagsOf(lab, '4.16.6')).toHaveLength(8);
  });

  it('let it go at once when both give it up', async () => {
    const lab = await makeLab();
    const before = [both(lab1), both(lab2)];
    await lab.apply(change(undefined, before));
    const { planned } = await lab.apply(change(before, [newer(lab1), newer(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0 });
    expect(await tagsOf(lab, '4.16.5')).toEqual([]);
  });

  it('are told apart from one that asks for the same only now', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both(lab1)]));
    const { planned } = await lab.apply(change([both(lab1)], [newer(lab1), both(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 0, untag: 0, hold: 0, keep: 16 });
    const later = await lab.plan(change([newer(lab1), both(lab2)], [newer(lab1), newer(lab2)]));
    expect(later.plan?.totals).toMatchObject({ delete: 5, untag: 3, keep: 8 });
  });
});

describe('a file of an image set', () => {
  it('that is deleted takes with it what nobody else wants', async () => {
    const lab = await makeLab();
    const other = channelConfig('4.16.6', '4.16.6', lab2);
    await lab.apply(change(undefined, [both(lab1), other]));
    const { planned, applied } = await lab.apply(change([both(lab1), other], [other]));
    expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3 });
    expect(applied?.result.status).toBe('applied');
    expect(await tagsOf(lab, '4.16.5')).toEqual([]);
    expect(await tagsOf(lab, '4.16.6')).toHaveLength(8);
  });

  it('that is renamed changes nothing, and goes on as the new name', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both(lab1)]));
    const { planned, applied } = await lab.apply(change([both(lab1)], [both(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ keep: 16, mirror: 0, delete: 0, hold: 0 });
    expect(applied?.result.status).toBe('nothing');
    const later = await lab.apply(change([both(lab2)], [newer(lab2)]));
    expect(later.planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0 });
    expect(await tagsOf(lab, '4.16.5')).toEqual([]);
  });

  it('that is renamed and edited at once is one change', async () => {
    const lab = await makeLab();
    await lab.apply(change(undefined, [both(lab1)]));
    const { planned } = await lab.apply(change([both(lab1)], [newer(lab2)]));
    expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0, keep: 8 });
    expect(await tagsOf(lab, '4.16.5')).toEqual([]);
    expect(await tagsOf(lab, '4.16.6')).toHaveLength(8);
  });

  it('that claims a tag which another one fills with something else is refused before any deed', async () => {
    const lab = await makeLab();
    const component = `${lab.source.host}/openshift-release-dev/ocp-release:4.16.5-x86_64`;
    const other = `${lab.source.host}/openshift-release-dev/ocp-release:4.16.6-x86_64`;
    const place = '\n      targetRepo: a\n      targetTag: b';
    const files = [
      imagesConfig([`${component}${place}`], lab1),
      imagesConfig([`${other}${place}`], lab2),
    ];
    lab.target.fake?.log.clear();
    const { planned, applied } = await lab.apply(change(undefined, files));
    expect(applied).toBeUndefined();
    expect(planned.diagnostics).toMatchObject([
      { code: 'placement-conflict', at: { file: lab2, line: 5 } },
    ]);
    expect(lab.target.fake?.log.writes()).toEqual([]);
  });
});

describe('releases of several architectures whose indexes share children', () => {
  const multi = (file: ReturnType<typeof both>) => ({
    ...file,
    text: file.text.replace('channels:', 'architectures: [multi]\n    channels:'),
  });
  const [all, kept] = [multi(both(lab1)), multi(newer(lab1))];
  const upstream = { architectures: ['multi'], sharedChildren: 2 };

  it.each(['on', 'unsupported'] as const)(
    'part without losing a child (removal of tags: %s)',
    async (tagDelete) => {
      const lab = await makeLab({ upstream, target: { tagDelete } });
      await lab.apply(change(undefined, [all]));
      const before = await pullAll(lab, releaseRepositories);
      const { planned, applied } = await lab.apply(change([all], [kept]));
      expect(planned.plan?.totals).toMatchObject({ delete: 5, untag: 3, hold: 0, keep: 8 });
      expect(applied?.result.status).toBe('applied');
      const left = await pullAll(lab, releaseRepositories);
      expect([...left]).toEqual([...before].filter(([place]) => place.includes('4.16.6')));
    },
  );

  it('leave no image behind that only the older one had', async () => {
    const lab = await makeLab({ upstream });
    await lab.apply(change(undefined, [all]));
    await lab.apply(change([all], [kept]));
    const here = new Set(lab.target.fake?.store.get('openshift/release')?.manifests.keys());
    const wanted = lab.upstream.releases
      .filter(({ version }) => version === '4.16.6')
      .flatMap(({ components }) => components)
      .flatMap(({ image }) => [image, ...image.children])
      .map(({ manifest }) => manifest.descriptor.digest);
    expect([...here].sort()).toEqual([...new Set(wanted)].sort());
  });

  it('keep a child that somebody gave a tag of its own, and its index', async () => {
    const lab = await makeLab({ upstream });
    await lab.apply(change(undefined, [all]));
    const { image } = lab.upstream.releases[0] ?? {};
    const [child] = image?.children ?? [];
    const images = repositoryOf(lab, lab.target, 'openshift/release-images');
    const digest = child?.manifest.descriptor.digest ?? '';
    await retag(images, digest, 'only-amd64');
    const { applied } = await lab.apply(change([all], [kept]));
    expect(applied?.result.status).toBe('applied');
    expect(await pull(images, 'only-amd64')).toBe(digest);
  });
});
