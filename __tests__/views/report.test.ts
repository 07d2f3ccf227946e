import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/views/report/index.ts';
import {
  everythingIsNew,
  findings,
  graphOf,
  hostile,
  huge,
  oneReleaseGoes,
  planWith,
  releaseOf,
  updatesHaveRisks,
  wholeRelease,
} from '../support/plan-stories.ts';

/** The text for a reader without a script: the document without its data and code. */
function visible(html: string): string {
  return html
    .replace(/<(script|style)\b[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

function between(html: string, tag: string): string {
  return new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(html)?.[1] ?? '';
}

describe('the report', () => {
  it('allows its own script and style, and nothing else', () => {
    const html = renderReport(oneReleaseGoes());
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(between(html, 'script'))}'`,
      `style-src 'sha256-${hash(between(html, 'style'))}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).not.toMatch(/ style="| on[a-z]+="|(?:src|href)="(?!#)/);
  });

  it('is readable without its script: headline, totals, risks, findings and the first images', () => {
    const text = visible(renderReport({ ...oneReleaseGoes(), diagnostics: findings }));
    expect(text).toContain('Deletes release 4.16.5: frees');
    expect(text).toContain('delete 131 2.7 GB only 4.16.5 used them');
    expect(text).toContain('Clusters at 4.16.5 can still update to 4.16.6');
    expect(text).toContain('No release lies in the range.');
    expect(text).toContain('openshift/release:4.16.5-x86_64-component-061');
    expect(text).toContain('284 more are shown when scripts may run');
  });

  it('holds every image as data, texts that repeat once', () => {
    const html = renderReport(everythingIsNew());
    const [, json = ''] =
      /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
    const data = JSON.parse(json) as { rows: unknown[][]; texts: string[]; counts: unknown };
    expect(data.rows).toHaveLength(385);
    expect(data.counts).toEqual({ mirror: 385 });
    expect(new Set(data.texts).size).toBe(data.texts.length);
  });

  it('stays small enough to open with twenty thousand images', () => {
    expect(renderReport(huge(20_000)).length).toBeLessThan(12_000_000);
  });

  it('draws the releases of a channel, what becomes of them and where updates lead', () => {
    const plan = planWith('p', wholeRelease('4.16.7', { action: 'mirror', reason: 'wanted' }), {
      releases: {
        added: [releaseOf('4.16.7')],
        kept: [releaseOf('4.16.6'), releaseOf('4.14.1')],
        removed: [releaseOf('4.16.5')],
      },
      graphs: [graphOf('stable-4.16', ['4.16.4', '4.16.5', '4.16.6', '4.16.7'])],
    });
    const html = renderReport(plan);
    expect(html.match(/<circle /g)).toHaveLength(3);
    expect(html.match(/class="edge lost"/g)).toHaveLength(2);
    const text = visible(html);
    expect(text).toContain('4.16.5 removed 4.16.7, 4.16.6');
    expect(text).toContain('4.16.6 kept 4.16.7');
    expect(text).toContain('Without an update graph');
    expect(text).toContain('4.14.1 amd64 kept –');
  });

  it('draws updates that depend on the cluster in dashes, and says which risks they have', () => {
    const html = renderReport(updatesHaveRisks());
    expect(html.match(/class="edge risky"/g)).toHaveLength(1);
    expect(html.match(/class="edge risky lost"/g)).toHaveLength(2);
    expect(html).toContain('<title>HighLoad, KernelPanics</title>');
    const text = visible(html);
    expect(text).toContain('Dashed updates have known risks');
    expect(text).toContain('With known risks to');
    expect(text).toContain('4.16.6 kept – 4.16.7: HighLoad ');
    expect(text).toContain(
      'KernelPanics Nodes with AMD CPUs (Milan, etc.) may panic. A fix is under way. Each cluster finds out whether it has it. https://issues.redhat.com/browse/COS-1',
    );
    expect(text).toContain('The control plane gets slow. Every cluster has it.');
    expect(visible(renderReport(oneReleaseGoes()))).not.toContain('known risks');
  });

  it('gives up the drawing of a channel that nobody could read, and keeps its table', () => {
    const html = renderReport(huge(100));
    expect(html).not.toContain('<circle');
    expect(visible(html)).toContain('4.16.59 new');
  });

  it('lets no name become markup', () => {
    for (const html of [renderReport(hostile()), renderReport(updatesHaveRisks())]) {
      expect(html.match(/<script\b/g)).toHaveLength(2);
      expect(html).not.toMatch(/<img|<a href="(?!#)|\u202e/);
    }
  });
});
