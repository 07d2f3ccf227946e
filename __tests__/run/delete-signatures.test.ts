import { describe, expect, it } from 'vitest';
import type { ImageKind } from '../../src/imageset/index.ts';
import { type Digest, referrersTag } from '../../src/oci/index.ts';
import { attachedPlaces } from '../../src/run/attached/index.ts';
import * as run from '../../src/run/index.ts';
import { cosignTags } from '../../src/signature/index.ts';
import * as facts from '../plan/facts.ts';
import { makeImage, makeIndex, pushTo } from '../support/images.ts';
import { change, imagesConfig, makeLab } from '../support/lab.ts';

const names = ['one', 'two', 'same'] as const;
const image = (name: string) => makeImage({ seed: name === 'same' ? 'one' : name });
const digestOf = (name: string): Digest => image(name).manifest.descriptor.digest;
const signatureOf = (name: string) => cosignTags(digestOf(name))[0] ?? '';

/** A target with three tags; `one` and `same` are one image. Both images are signed, `two` has a referrer as well. */
async function start() {
  const lab = await makeLab({ upstream: { components: 1, channels: {} } });
  const [from, to] = [lab.source.fake?.store, lab.target.fake?.store];
  if (!from || !to) throw new Error('no registries of this process');
  for (const name of names) pushTo(from, 'team/app', name, image(name));
  for (const name of ['one', 'two']) {
    pushTo(from, 'team/app', signatureOf(name), makeImage({ seed: `signature of ${name}` }));
  }
  const subject = image('two').manifest.descriptor;
  const referrer = makeImage({ seed: 'referrer', subject, artifactType: 'application/spdx+json' });
  pushTo(from, 'team/app', undefined, referrer);
  pushTo(from, 'team/app', referrersTag(digestOf('two')), makeIndex([referrer]));
  const places = names.map((name) => `${lab.source.host}/team/app:${name}`);
  await lab.mirror([imagesConfig(places)]);
  const generate = async (name: string, signatures: 'keep' | 'delete') => {
    const { text } = imagesConfig([`${lab.source.host}/team/app:${name}`]);
    const kinds = text
      .replace('kind: Image', 'kind: DeleteImage')
      .replace('\nmirror:', '\ndelete:');
    const file = { name: 'delete.yaml', text: kinds };
    return (await run.deleteGenerate(lab.settings(), { file, signatures })).deleteImages;
  };
  const execute = async (text: string) =>
    await run.deleteExecute(lab.settings(), { name: 'delete-images.yaml', text }, () => {});
  const tags = () => [...(to.get('team/app')?.tags.keys() ?? [])].sort();
  return { lab, places, generate, execute, tags };
}

describe('a list of deletions', () => {
  it('leaves signatures out unless it is asked for them, and lists of referrers never', async () => {
    const { generate, execute, tags } = await start();
    const list = await generate('two', 'keep');
    expect(list).not.toContain('.sig');
    expect(list).toContain(`team/app:${referrersTag(digestOf('two'))}\n`);
    const { result } = await execute(list);
    expect(result.status).toBe('applied');
    expect(tags()).toEqual(['one', 'same', signatureOf('one'), signatureOf('two')].sort());
  });

  it('leaves out signatures of catalogs, as oc-mirror does', () => {
    const [node, signature] = [facts.image('one'), facts.image('signature')];
    const tag = cosignTags(node.descriptor.digest)[0] ?? '';
    const seen = facts.observe({ 'team/app:one': node, [`team/app:${tag}`]: signature });
    const listed = (kind: ImageKind) =>
      attachedPlaces([facts.wish('team/app:one', node, { kind })], seen, 'all');
    expect(listed('generic')).toHaveLength(1);
    expect(listed('operatorCatalog')).toEqual([]);
  });

  it('names signatures under the kind of their image, so that oc-mirror reads it', async () => {
    const { lab, generate, execute, tags } = await start();
    const list = await generate('two', 'delete');
    expect(list).toContain(
      `imageReference: docker://${lab.target.host}/team/app:${signatureOf('two')}\n  type: generic\n`,
    );
    await execute(list);
    expect(tags()).toEqual(['one', 'same', signatureOf('one')].sort());
  });

  it('keeps the signature of an image that another tag has, even where another tool lists it', async () => {
    const { lab, generate, execute, tags } = await start();
    const { host } = lab.target;
    expect(await generate('one', 'delete')).not.toContain('.sig');
    const item = (tag: string) =>
      `- imageName: x/team/app:${tag}\n  imageReference: docker://${host}/team/app:${tag}\n  type: generic\n`;
    const head = 'apiVersion: mirror.openshift.io/v2alpha1\nkind: DeleteImageList\nitems:\n';
    await execute(head + item('one') + item(signatureOf('one')));
    expect(tags()).toContain(signatureOf('one'));
    expect(tags()).not.toContain('one');
  });

  it('takes away what a restore brings back as it was, signatures as signatures', async () => {
    const { lab, places, generate, execute, tags } = await start();
    const before = tags();
    await execute(await generate('two', 'delete'));
    await run.restore(lab.settings(), { undo: 'last' }, () => {});
    expect(tags()).toEqual(before);
    const { plan } = await lab.plan(change(undefined, [imagesConfig(places)]));
    expect(plan?.totals).toMatchObject({ mirror: 0, keep: 3, signatures: { mirror: 0, keep: 3 } });
  });
});
