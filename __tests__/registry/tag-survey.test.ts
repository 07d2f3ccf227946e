import { describe, expect, it, onTestFinished } from 'vitest';
import { beginningWithAnother, type FakeSettings } from '../../src/fake-registry/index.ts';
import { makeImage, pushTo } from '../support/images.ts';
import { wired } from '../support/wire.ts';

const image = makeImage({ seed: 'image' });
const tags = ['v1', 'v2', 'v3', 'v4', 'v5'];

/** A repository `app` with five tags. */
async function start(settings: Partial<FakeSettings> = {}) {
  const wire = await wired(settings);
  onTestFinished(wire.close);
  for (const tag of tags) pushTo(wire.fake.store, 'app', tag, image);
  const { tags: store } = wire.registries.repository(wire.host, 'app');
  const asked = () => wire.fake.log.entries.map(({ query }) => query).filter((one) => one !== '');
  return { ...wire, store, asked };
}

/** Leads from the first page of one tag to wherever `link` says. */
const firstPage = (link: string) => ({
  path: /tags\/list$/,
  status: 200,
  headers: { link: `<${link}>; rel="next"` },
  body: '{"name":"app","tags":["v1"]}',
});

describe('a survey of tags', () => {
  it('asks no more than a list where nobody doubts it', async () => {
    const { store, asked } = await start({ pageSize: 100 });
    expect(await store.survey()).toEqual({ tags, list: 'complete' });
    expect(asked()).toEqual([]);
  });

  it('asks once for the end, and behind each tag in doubt that is listed', async () => {
    const { store, asked } = await start({ pageSize: 100 });
    expect(await store.survey(['v2', 'never'])).toEqual({ tags, list: 'complete' });
    expect(asked()).toEqual(['last=v5&n=5', 'last=v2&n=1']);
  });

  it('finds what a list without a link cut off', async () => {
    const { store } = await start({ pageSize: 2, pageLinks: 'absent' });
    expect(await store.survey([])).toEqual({ tags, list: 'complete' });
  });

  it('finds a tag that the list hides behind another', async () => {
    const { store, fake } = await start({ pageSize: 100, hidesTags: beginningWithAnother });
    pushTo(fake.store, 'app', 'v2-gold', image);
    expect(await store.survey(['v2'])).toEqual({ tags: [...tags, 'v2-gold'], list: 'incomplete' });
  });

  it('does not take for the rest of a list what hides behind a listed tag at its end', async () => {
    const { store, fake } = await start({ pageSize: 100, hidesTags: beginningWithAnother });
    pushTo(fake.store, 'app', 'v5-gold', image);
    expect(await store.survey([])).toEqual({ tags: [...tags, 'v5-gold'], list: 'incomplete' });
  });

  it('takes the whole list from a registry that ignores where to go on', async () => {
    const { store, fake } = await start({ pageSize: 100 });
    const body = JSON.stringify({ name: 'app', tags });
    const nowhere = '/v2/app/tags/list?token=2';
    const lost = { path: /token/, status: 404 };
    fake.faults.add(firstPage(nowhere), lost, { path: /last=/, status: 200, body, times: 2 });
    expect(await store.survey()).toEqual({ tags, list: 'complete' });
    const other = JSON.stringify({ name: 'app', tags: ['v2', 'v9'] });
    fake.faults.add(firstPage(nowhere), lost, { path: /last=/, status: 200, body: other });
    expect(await store.survey()).toMatchObject({ list: 'complete' });
    fake.faults.add({ path: /last=/, status: 200, body: other });
    expect(await store.survey([])).toEqual({ tags: [...tags, 'v9'], list: 'incomplete' });
  });

  it('takes no news from a registry that ignores the question, or refuses it', async () => {
    const { store, fake } = await start({ pageSize: 100 });
    const body = JSON.stringify({ name: 'app', tags });
    fake.faults.add({ path: /last=/, status: 200, body, times: 2 });
    expect(await store.survey(['v2'])).toEqual({ tags, list: 'complete' });
    fake.faults.add({ path: /last=/, status: 400, times: 2 });
    expect(await store.survey(['v2'])).toEqual({ tags, list: 'complete' });
  });

  it.each([
    ['is not there', { status: 404 }],
    ['is no list', { status: 200, body: '{"errors":[]}' }],
    ['is a login page', { status: 200, body: '<html>' }],
    ['is forbidden', { status: 403 }],
  ])('goes on by itself when the next page %s; a plain list fails', async (_, fault) => {
    const { store, fake } = await start({ pageSize: 100 });
    fake.faults.add(firstPage('/v2/app/tags/list?token=2'), { path: /token/, ...fault });
    expect(await store.survey()).toEqual({ tags, list: 'complete' });
    fake.faults.add(firstPage('/v2/app/tags/list?token=2'), { path: /token/, ...fault });
    await expect(store.list()).rejects.toMatchObject({ name: 'RegistryError' });
  });

  it('goes on by itself when the next page lies at another host, or leads in a circle', async () => {
    const { store, fake } = await start({ pageSize: 100 });
    fake.faults.add(firstPage('https://elsewhere.test/v2/app/tags/list?last=v1'));
    expect(await store.survey()).toEqual({ tags, list: 'complete' });
    const circle = '/v2/app/tags/list?token=2';
    const headers = { link: `<${circle}>; rel="next"` };
    const body = '{"name":"app","tags":[]}';
    fake.faults.add(firstPage(circle), { path: /token/, status: 200, headers, body, times: 99 });
    expect(await store.survey()).toEqual({ tags, list: 'complete' });
  });

  it('knows that a list is incomplete that neither the registry nor the question leads on from', async () => {
    const { store, fake } = await start({ pageSize: 100 });
    const nowhere = { path: /\?/, status: 404, times: 99 };
    fake.faults.add(firstPage('/v2/app/tags/list?token=2'), nowhere);
    expect(await store.survey()).toEqual({ tags: ['v1'], list: 'incomplete' });
  });

  it('fails when a page fails for a moment: a list that is half read is none', async () => {
    const { store, fake } = await start({ pageSize: 2 });
    fake.faults.add({ path: /last=/, status: 503, times: 99 });
    await expect(store.survey()).rejects.toMatchObject({ status: 503 });
  });

  it('takes an empty page at the end for the end', async () => {
    const { store, fake } = await start({ pageSize: 100 });
    const headers = { link: '</v2/app/tags/list?last=v5>; rel="next"' };
    const body = JSON.stringify({ name: 'app', tags });
    fake.faults.add({ path: /tags\/list$/, status: 200, headers, body });
    expect(await store.survey([])).toEqual({ tags, list: 'complete' });
  });

  it('knows no repository that nobody has', async () => {
    const { registries, host } = await start();
    expect(await registries.repository(host, 'none').tags.survey([])).toBeUndefined();
  });

  it('reads 130,000 tags in one page', async () => {
    const { store, fake } = await start();
    const many = Array.from({ length: 130_000 }, (_, index) => `tag-${index}`);
    const body = JSON.stringify({ name: 'app', tags: many });
    fake.faults.add({ path: /tags\/list$/, status: 200, body });
    expect((await store.survey())?.tags).toHaveLength(130_000);
  });
});
