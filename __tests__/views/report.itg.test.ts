import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderReport } from '../../src/views/report/index.ts';
import { browser, countSheets, openPage } from '../support/browser.ts';
import { operatorsGo } from '../support/operator-stories.ts';
import {
  hostile,
  huge,
  nothingChanges,
  oneReleaseGoes,
  updatesHaveRisks,
} from '../support/plan-stories.ts';

if (browser === undefined) process.stderr.write('report.itg: skipped, there is no chromium\n');

/** A server that remembers what it was asked for. */
async function listen(): Promise<{ readonly url: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

function rowsOf(document: string): string[] {
  const [, table = ''] = /<table id="changes-table">(.*?)<\/table>/s.exec(document) ?? [];
  const [, body = ''] = /<tbody>(.*)<\/tbody>/s.exec(table) ?? [];
  return body.split('<tr').slice(1);
}

/** Lets axe examine a report, and gives the rules that it breaks. The policy of the page would refuse axe itself. */
async function findBarriers(html: string): Promise<readonly string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const examine =
    'axe.run().then(({ violations }) => { document.body.dataset.barriers = JSON.stringify(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 120))])); })';
  const scripts = `<script>${axe}</script><script>${examine}</script>`;
  const page = html
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace('</body>', () => `${scripts}</body>`);
  const [, found] = /data-barriers="([^"]*)"/.exec(await openPage(page)) ?? [];
  return JSON.parse(
    (found ?? '["axe did not run"]').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  ) as string[];
}

function countOf(document: string): string | undefined {
  return /<p id="count"[^>]*>([^<]*)</.exec(document)?.[1];
}

describe.skipIf(browser === undefined)('the report in a browser', { timeout: 60_000 }, () => {
  it('shows what changes, and what is kept when asked', async () => {
    const html = renderReport(oneReleaseGoes());
    const usual = await openPage(html);
    expect(countOf(usual)).toBe('192 of 384 images · free 2.7 GB');
    expect(rowsOf(usual)).toHaveLength(100);
    const kept = await openPage(html, '#show=keep');
    expect(countOf(kept)).toBe('192 of 384 images');
    expect(countOf(await openPage(renderReport(nothingChanges())))).toContain('384 of 384');
  });

  it('finds by several words, sorts and turns pages, all from its address', async () => {
    const html = renderReport(oneReleaseGoes());
    const found = await openPage(html, '#q=ETCD operator&show=untag,keep');
    expect(rowsOf(found)).toHaveLength(2);
    expect(rowsOf(found).join()).toContain('4.16.5-x86_64-cluster-etcd-operator');
    const second = await openPage(html, '#page=2&sort=size&down=1');
    expect(rowsOf(second)).toHaveLength(92);
    expect(second).toMatch(/<span id="page">101–192 of 192<\/span>/);
    expect(second).toMatch(/data-sort="size"[^>]*aria-sort="descending"/);
    expect(rowsOf(await openPage(html, '#q=no-such-image')).join()).toContain('Nothing matches.');
  });

  it('takes ten thousand images and shows a hundred at a time', async () => {
    const document = await openPage(renderReport(huge(10_000)));
    expect(countOf(document)).toMatch(/^7,500 of 10,000 images/);
    expect(rowsOf(document)).toHaveLength(100);
  });

  it('shows hostile names as text', async () => {
    const document = await openPage(renderReport(hostile()));
    expect(rowsOf(document)).toHaveLength(42);
    expect(document).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(document).not.toMatch(/<img|<a [^>]*href="(?!#)/);
  });

  it.each([
    ['a release that goes', oneReleaseGoes()],
    ['operators that go', operatorsGo()],
    ['hostile names', hostile()],
    ['updates with risks', updatesHaveRisks()],
  ])('is found in order by a checker of accessibility: %s', async (_, plan) => {
    expect(await findBarriers(renderReport(plan))).toEqual([]);
  });

  it('prints ten thousand images on at most twenty sheets', async () => {
    expect(await countSheets(renderReport(huge(10_000)))).toBeLessThanOrEqual(20);
  });

  it('asks no network, even if a name became markup after all', async () => {
    const { url, asked } = await listen();
    const markup = [
      `<img src="${url}/image"><link rel="stylesheet" href="${url}/style">`,
      `<script src="${url}/script"></script><iframe src="${url}/frame"></iframe>`,
      `<style>body { background: url(${url}/background) }</style>`,
    ].join('');
    const html = renderReport(oneReleaseGoes()).replace('<h1>', `${markup}<h1>`);
    await openPage(html);
    expect(asked).toEqual([]);
    await openPage(html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
    expect(asked).toContain('/image');
  });
});
