import { describe, expect, it, onTestFinished } from 'vitest';
import type { MirroredPlacement, Placement } from '../../src/imageset/index.ts';
import { pinBase, pinWanted } from '../../src/run/gather.ts';
import { openSession } from '../../src/run/session.ts';
import { linesOf } from '../mirror/scene.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { makeLab } from '../support/lab.ts';

const image = makeImage({ seed: 'image' });
const { descriptor } = image.manifest;

async function makeSource() {
  const lab = await makeLab({ upstream: { components: 1 } });
  const { fake } = lab.source;
  if (!fake) throw new Error('no registry of this process');
  pushTo(fake.store, 'team/app', 'v1', image);
  const session = await openSession(lab.settings());
  onTestFinished(() => session.close());
  const wish = (named: { tag: string } | { digest: typeof descriptor.digest }): Placement => ({
    source: { registry: lab.source.host, repository: 'team/app', ...named },
    target: { repository: 'team/app', tag: 'tag' in named ? named.tag : 'by-digest' },
    kind: 'generic',
    origin: `${lab.source.host}/team/app:v1`,
    causes: [{ imageSet: 'a.yaml', path: 'x', at: { file: 'a.yaml', line: 5, column: 3 } }],
  });
  const known = (tag: string): MirroredPlacement => ({
    ...descriptor,
    repository: 'team/app',
    tag,
    kind: 'generic',
    origin: '',
    imageSets: ['a.yaml'],
  });
  return { fake, session, wish, known };
}

describe('what is wanted', () => {
  it('by a tag is asked for each time: it may have moved', async () => {
    const { fake, session, wish, known } = await makeSource();
    const { pinned } = await pinWanted([wish({ tag: 'v1' })], [known('v1')], session);
    expect(pinned).toMatchObject([{ content: descriptor }]);
    expect(linesOf(fake)).toEqual(['HEAD team/app manifests/v1']);
  });

  it('by a digest is asked for once, and never when the state knows it', async () => {
    const { fake, session, wish, known } = await makeSource();
    const wishes = [wish({ digest: descriptor.digest }), wish({ digest: descriptor.digest })];
    expect((await pinWanted(wishes, [], session)).pinned).toHaveLength(2);
    expect(linesOf(fake)).toEqual(['GET team/app manifests/@']);
    fake.log.clear();
    expect((await pinWanted(wishes, [known('other')], session)).pinned).toHaveLength(2);
    expect(linesOf(fake)).toEqual([]);
  });

  it('and is gone at its source is a finding at its line, and no failure where it was mirrored', async () => {
    const { session, wish, known } = await makeSource();
    const wishes = [wish({ tag: 'gone' }), wish({ tag: 'kept' })];
    const { pinned, failures, diagnostics } = await pinWanted(wishes, [known('kept')], session);
    expect(pinned).toMatchObject([{ target: { tag: 'kept' }, content: descriptor }]);
    expect(failures.map(({ placement }) => placement.target.tag)).toEqual(['gone']);
    expect(diagnostics).toMatchObject([
      { severity: 'error', code: 'source-unreadable', at: { file: 'a.yaml', line: 5 } },
      { severity: 'warning', code: 'source-unreadable', at: { file: 'a.yaml', line: 5 } },
    ]);
  });
});

describe('what was wanted', () => {
  it('is asked for only where neither the state nor a digest says what it was', async () => {
    const { fake, session, wish, known } = await makeSource();
    const wishes = [
      wish({ tag: 'known' }),
      wish({ digest: descriptor.digest }),
      wish({ tag: 'v1' }),
    ];
    const base = await pinBase(wishes, [known('known')], session);
    expect(linesOf(fake)).toEqual(['HEAD team/app manifests/v1']);
    const contents = base.map(({ target, content }) => [target.tag, content?.digest]);
    expect(contents.sort()).toEqual([
      ['by-digest', descriptor.digest],
      ['known', undefined],
      ['v1', descriptor.digest],
    ]);
  });

  it('and cannot be had any more stays, without a content', async () => {
    const { session, wish } = await makeSource();
    const [placement] = await pinBase([wish({ tag: 'gone' })], [], session);
    expect(placement).toMatchObject({ target: { tag: 'gone' } });
    expect(placement?.content).toBeUndefined();
  });
});
