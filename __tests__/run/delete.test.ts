import { describe, expect, it } from 'vitest';
import * as run from '../../src/run/index.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { channelConfig, type LabOptions, makeLab } from '../support/lab.ts';
import { brokenTags, tagsOf } from '../support/whole.ts';

const both = channelConfig('4.16.5', '4.16.6');

/** The older release as something to delete. */
const older = (() => {
  const { name, text } = channelConfig('4.16.5', '4.16.5');
  return {
    name,
    text: text.replace('kind: Image', 'kind: DeleteImage').replace('\nmirror:', '\ndelete:'),
  };
})();

async function makeMirror(options: LabOptions = {}) {
  const lab = await makeLab({ ...options, upstream: { components: 3, shared: 1 } });
  const { fake } = lab.target;
  if (!fake) throw new Error('no registry of this process');
  await lab.mirror([both]);
  const generate = async () => {
    fake.log.clear();
    return await run.deleteGenerate(lab.settings(), { file: older, signatures: 'keep' });
  };
  const execute = (text: string) =>
    run.deleteExecute(lab.settings(), { name: 'delete-images.yaml', text }, () => {});
  return { lab, fake, generate, execute, tags: () => Object.keys(tagsOf(fake)) };
}

describe('a list of deletions', () => {
  it('names what goes and apart from it the tags of what is shared, and writes nothing', async () => {
    const { fake, generate } = await makeMirror();
    const report = await generate();
    expect(report).toMatchObject({ count: 4, failures: [] });
    expect(fake.log.writes()).toEqual([]);
    const [items = '', untag = ''] = report.deleteImages.split(/^untag:/m);
    expect(items.match(/targetReference:|imageReference:/g)).not.toBeNull();
    expect(items).not.toContain('4.16.5-x86_64-cli');
    expect(untag).toContain('4.16.5-x86_64-cli');
  });

  it('removes exactly the older release, and leaves the newer one whole', async () => {
    const { fake, generate, execute, tags } = await makeMirror();
    const { result, refused } = await execute((await generate()).deleteImages);
    expect({ outcome: result.status, refused }).toEqual({ outcome: 'applied', refused: [] });
    expect(tags().filter((place) => place.includes('4.16.5'))).toEqual([]);
    expect(tags().filter((place) => place.includes('4.16.6'))).toHaveLength(4);
    expect(brokenTags(fake.store)).toEqual([]);
  });

  it('takes no image that somebody else has tagged since', async () => {
    const { lab, fake, generate, execute, tags } = await makeMirror();
    const { deleteImages } = await generate();
    const [component] = lab.upstream.releases[0]?.components.slice(2) ?? [];
    const digest = component?.image.manifest.descriptor.digest ?? '';
    fake.store.get('openshift/release')?.tags.set('mine', digest);
    await execute(deleteImages);
    expect(tags()).toContain('openshift/release:mine');
    expect(brokenTags(fake.store)).toEqual([]);
  });

  it('executed twice finds nothing to do, and is no failure', async () => {
    const { fake, generate, execute } = await makeMirror();
    const { deleteImages } = await generate();
    await execute(deleteImages);
    fake.log.clear();
    expect((await execute(deleteImages)).result.status).toBe('nothing');
    expect(fake.log.writes()).toEqual([]);
  });

  it('is empty once all is gone, and can be executed all the same', async () => {
    const { generate, execute } = await makeMirror();
    const first = await generate();
    await execute(first.deleteImages);
    const second = await generate();
    expect([second.count, second.collected]).toEqual([0, first.collected]);
    expect(second.failures).toEqual([]);
    expect((await execute(second.deleteImages)).result.status).toBe('nothing');
  });

  it('leaves alone what is not below the target', async () => {
    const { lab, fake, generate, execute } = await makeMirror();
    pushTo(fake.store, 'elsewhere', 'v1', makeImage({ seed: 'elsewhere' }));
    const { deleteImages } = await generate();
    const foreign = deleteImages.replaceAll(lab.target.host, 'other.test:5000');
    const before = tagsOf(fake);
    const { result, refused } = await execute(foreign);
    expect(result.status).toBe('nothing');
    expect(refused.length).toBeGreaterThan(0);
    expect(tagsOf(fake)).toEqual(before);
  });

  it('that is none is refused with its place', async () => {
    const { execute } = await makeMirror();
    await expect(execute('kind: Pod\n')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      at: { file: 'delete-images.yaml' },
    });
  });
});

it('a list names shortened paths, and is done by them', async () => {
  const lab = await makeLab({ upstream: { components: 3, shared: 1 } });
  const short = { target: `${lab.target.host}/ns`, maxNestedPaths: 2 };
  await lab.mirror([both], short);
  const settings = lab.settings(short);
  const { deleteImages } = await run.deleteGenerate(settings, { file: older, signatures: 'keep' });
  expect(deleteImages).toContain(`${lab.target.host}/ns/openshift-release:4.16.5-x86_64`);
  const file = { name: 'delete-images.yaml', text: deleteImages };
  const plain = await run.deleteExecute(
    lab.settings({ target: short.target }),
    file,
    () => undefined,
  );
  expect(plain.refused.length).toBeGreaterThan(0);
  const { refused, result } = await run.deleteExecute(settings, file, () => undefined);
  expect(refused).toEqual([]);
  expect(result.status).toBe('applied');
  const { tags } = lab.wire.repository(lab.target.host, 'ns/openshift-release-images');
  expect(await tags.list()).toEqual(['4.16.6-x86_64']);
});

describe('a list of what oc-mirror v1 mirrored', () => {
  it('has images by digest where v1 put them, unless the tag names another one by now', async () => {
    const lab = await makeLab();
    const { fake } = lab.target;
    if (!fake) throw new Error('no registry of this process');
    const [app, tool, other] = ['app', 'tool', 'other'].map((seed) => makeImage({ seed }));
    if (!app || !tool || !other) throw new Error('no images');
    pushTo(fake.store, 'team/app', 'latest', app);
    pushTo(fake.store, 'team/tool', 'latest', other);
    const names = [app, tool].map(({ manifest }, index) => {
      const name = index === 0 ? 'team/app' : 'team/tool';
      return `    - name: quay.test/${name}@${manifest.descriptor.digest}`;
    });
    const lines = ['kind: DeleteImageSetConfiguration', 'delete:', '  additionalImages:', ...names];
    const file = { name: 'delete.yaml', text: `${lines.join('\n')}\n` };
    const list = async (places?: 'v1') =>
      await run.deleteGenerate(lab.settings(), {
        file,
        signatures: 'keep',
        ...(places && { places }),
      });
    const { deleteImages, count } = await list('v1');
    expect(count).toBe(1);
    expect(deleteImages).toContain(`imageReference: docker://${lab.target.host}/team/app:latest`);
    expect((await list()).count).toBe(0);
  });
});
