import { describe, expect, it } from 'vitest';
import { ContentError, RegistryError } from '../../src/errors.ts';
import { parseTarget } from '../../src/run/connect/sides.ts';
import { openSession, withSession } from '../../src/run/session.ts';
import { makeLab } from '../support/lab.ts';

describe('a target', () => {
  it.each([
    ['registry.test', { registry: 'registry.test', prefix: '' }],
    ['registry.test:5000/', { registry: 'registry.test:5000', prefix: '' }],
    ['registry.test/team//mirror/', { registry: 'registry.test', prefix: 'team/mirror' }],
  ])('%s is a host and a path', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  it('has its state below its own path', async () => {
    const lab = await makeLab();
    const session = await openSession(lab.settings({ target: `${lab.target.host}/team/mirror` }));
    await session.store.read();
    await session.close();
    const paths = lab.target.fake?.log.entries.map(({ path }) => path) ?? [];
    expect(paths).toContain('/v2/team/mirror/imageset-mirror/state/manifests/default');
  });
});

describe('a session', () => {
  it('sends nothing before something is asked for', async () => {
    const lab = await makeLab();
    await withSession(lab.settings(), async () => {});
    for (const { fake } of [lab.source, lab.target]) expect(fake?.log.entries).toEqual([]);
  });

  it('is closed when its work fails', async () => {
    const lab = await makeLab();
    let tags: { list(): Promise<unknown> } | undefined;
    const work = withSession(lab.settings(), async ({ endpoints }) => {
      ({ tags } = endpoints.target.repository(endpoints.registry, 'app'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await expect(tags?.list()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('says of a registry’s refusal that ends it that it was the target’s, and of nothing else', async () => {
    const lab = await makeLab();
    const settings = lab.settings();
    const failing = (error: Error) =>
      withSession(settings, () => Promise.reject(error)).catch((thrown: unknown) => thrown);
    const refused = new RegistryError('DENIED', 'no entry', { hint: 'Ask.' });
    expect(await failing(refused)).toMatchObject({
      code: 'DENIED',
      side: 'target',
      message: `At the target ${settings.target}: no entry`,
      hint: 'Ask.',
    });
    const content = new ContentError('TRUNCATED', 'short');
    expect(await failing(content)).toBe(content);
    const framed = new RegistryError('DENIED', 'The state cannot be written.', { cause: refused });
    expect(await failing(framed)).toBe(framed);
  });
});
