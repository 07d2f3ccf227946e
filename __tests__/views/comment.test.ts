import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commentLimit,
  formatFindings,
  markdownFinding,
  parseCommentMarker,
  renderApplied,
  renderComment,
  renderFindings,
  renderFindingsSummary,
  renderSummary,
} from '../../src/views/index.ts';
import {
  digestFor,
  findings,
  hostile,
  hostileNames,
  huge,
  nothingChanges,
  oneReleaseGoes,
} from '../support/plan-stories.ts';
import { allDone } from '../support/result-stories.ts';

const target = 'registry.example.com:8443';

describe('the marker of a comment', () => {
  it('gives back the target and the whole digest of the plan', () => {
    const plan = oneReleaseGoes();
    expect(parseCommentMarker(renderComment(plan))).toEqual({ target, plan: plan.digest });
    expect(parseCommentMarker(renderComment(nothingChanges()))?.target).toBe(target);
  });

  it('names the run that wrote it, and is no approval once an apply refused the plan', () => {
    const plan = oneReleaseGoes();
    const mark = { key: 'a1b2c3d4e5f6', head: 'b'.repeat(40), run: '17-2' };
    expect(parseCommentMarker(renderComment(plan, { mark }))).toEqual({
      target,
      plan: plan.digest,
      ...mark,
    });
    const refusals = [
      { severity: 'error', code: 'review-missing', summary: 'Refused: no.' },
    ] as const;
    const refused = renderComment(plan, { mark, refusals });
    expect(parseCommentMarker(refused)?.plan).toBeUndefined();
    expect(refused.split('\n').slice(1, 3)).toEqual(['> [!WARNING]', '> Refused: no.']);
    expect(refused).not.toContain('Merging applies exactly this');
  });

  it('survives any target, and line ends of a host that rewrites them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...hostileNames), fc.string()), (text) => {
        const body = renderComment(nothingChanges(), { target: text });
        expect(parseCommentMarker(body.replaceAll('\n', '\r\n'))?.target).toBe(text);
      }),
    );
  });

  it('names no plan where none was made, or where it no longer holds', () => {
    expect(parseCommentMarker(renderFindings(findings, { target }))).toEqual({ target });
  });

  it('counts in the first line only, so that no name can forge it', () => {
    const forged = `<!-- imageset-mirror target=${target} plan=${digestFor('evil')} -->`;
    expect(parseCommentMarker(`hello\n${forged}`)).toBeUndefined();
    expect(parseCommentMarker(`${forged} and more`)).toBeUndefined();
    expect(parseCommentMarker(forged.replace('sha256', 'md5'))).toBeUndefined();
    const plan = hostile();
    expect(renderComment(plan)).toContain('imageset-mirror target=other');
    expect(parseCommentMarker(renderComment(plan))).toEqual({ target, plan: plan.digest });
  });
});

describe('the first lines of a comment', () => {
  it('are one bold sentence, and a box for what a cluster may lose', () => {
    const lines = renderComment(oneReleaseGoes()).split('\n');
    expect(lines.filter((line) => line.includes('**'))).toEqual([
      '**Deletes release 4.16.5: frees 2.7 GB, nothing to download.**',
    ]);
    expect(lines.slice(5, 7)).toEqual([
      '> [!CAUTION]',
      '> Safe only if no cluster still runs 4.16.5.',
    ]);
  });

  it('warn in a box of what waits for an approval', () => {
    const refusals = [
      { severity: 'error', code: 'review-missing', summary: 'It waits.', fix: 'approve: x' },
    ] as const;
    const lines = renderComment(oneReleaseGoes(), { refusals }).split('\n');
    expect(lines.slice(1, 9)).toEqual([
      '> [!WARNING]',
      '> It waits.',
      '>',
      '> Start the workflow with:',
      '>',
      '> ```yaml',
      '> approve: x',
      '> ```',
    ]);
  });

  it('link lines of the files: of the author now, of the base before', () => {
    const plan = oneReleaseGoes();
    const sourceUrl = 'https://git.example.com/acme/mirrors/blob';
    const options = { sourceUrl, mark: { key: 'k', head: 'b'.repeat(40) } };
    const text = renderComment(plan, options);
    expect(renderFindings(findings, { ...options, target: 't' })).toContain(
      `Error · [\`imageset-config.yaml:8:21\`](${sourceUrl}/${'b'.repeat(40)}/imageset-config.yaml#L8)`,
    );
    expect(text).toContain(
      `[\`imageset-config.yaml:8\`](${sourceUrl}/${'b'.repeat(40)}/imageset-config.yaml#L8)`,
    );
    expect(text).toContain(
      `[\`imageset-config.yaml:7\`](${sourceUrl}/${plan.base.commit}/imageset-config.yaml#L7)`,
    );
  });

  it('link no file outside of the repository', () => {
    const plan = oneReleaseGoes();
    const outside = plan.edits.map((edit) => ({ ...edit, at: { ...edit.at, file: '../x.yaml' } }));
    const text = renderComment(
      { ...plan, edits: outside },
      { sourceUrl: 'https://git.example.com/a/b/blob' },
    );
    expect(text).toContain('`../x.yaml:8`');
    expect(text).not.toContain('../x.yaml#');
  });

  it('link a line that the author removed in the files before', () => {
    const plan = oneReleaseGoes();
    const sourceUrl = 'https://git.example.com/a/b/blob';
    const edits = plan.edits.map(({ to: _, ...edit }) => edit);
    const text = renderComment({ ...plan, edits }, { sourceUrl });
    expect(text).toContain(`(${sourceUrl}/${plan.base.commit}/imageset-config.yaml#L8)`);
  });
});

describe('the comment of an applied plan', () => {
  it('says how long it took and what was done, with the run, and counts as no review', () => {
    const result = allDone(oneReleaseGoes());
    const text = renderApplied(result, { runUrl: 'https://git.example.com/a/b/actions/runs/7' });
    expect(text).toMatch(/^\*\*Applied in 8 m 38 s: deleted 131, untagged 60, held \d+\.\*\*$/m);
    expect(text).toContain('[run](https://git.example.com/a/b/actions/runs/7)');
    expect(parseCommentMarker(text)?.plan).toBeUndefined();
    expect(text.length).toBeLessThanOrEqual(commentLimit);
  });

  it('says why nothing was applied', () => {
    const result = { ...allDone(oneReleaseGoes()), status: 'failed', outcomes: [] } as const;
    expect(renderApplied(result)).toContain(
      '**Not applied: Stopped before everything was done; held 1.**',
    );
  });
});

describe('the size of a comment', () => {
  it('is within the limit with the marker, whatever the plan', () => {
    for (const plan of [huge(20_000), hostile(), oneReleaseGoes()]) {
      expect(renderComment(plan).length).toBeLessThanOrEqual(commentLimit);
      for (const limit of [20_000, 5000, 2000]) {
        const body = renderComment(plan, { limit });
        expect(body.length).toBeLessThanOrEqual(limit);
        expect(parseCommentMarker(body)?.plan).toBe(plan.digest);
      }
    }
  });

  it('shrinks lists before it drops them, and says how much is missing', () => {
    const [large, small, less, none] = [commentLimit, 3500, 2000, 1000].map((limit) =>
      renderComment(oneReleaseGoes(), { limit }),
    );
    expect(large).toContain('`190`');
    expect(small).not.toContain('`190`');
    expect(small).toContain('more in the report');
    expect(less).toMatch(/… \d more lists? in the report\./);
    expect(none).not.toContain('<details>');
    expect(none).toContain('**Deletes release 4.16.5:');
  });

  it('closes every block that it opens', () => {
    for (const limit of [commentLimit, 4000, 2000, 1000]) {
      const body = renderComment(oneReleaseGoes(), { limit });
      expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
    }
  });

  it('keeps findings within the limit', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      severity: 'error' as const,
      code: 'x',
      summary: `Number ${index} is wrong.`,
      fix: 'a: b\n'.repeat(50),
    }));
    const body = renderFindings(many, { target });
    expect(body.length).toBeLessThanOrEqual(commentLimit);
    expect(body).toContain('3,000 errors');
    const summary = renderFindingsSummary(many, { target, limit: 50_000 });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(50_000);
  });
});

describe('a job summary', () => {
  it('is within a mebibyte of UTF-8', () => {
    expect(Buffer.byteLength(renderSummary(huge(20_000)))).toBeLessThanOrEqual(1_048_576);
    const small = renderSummary(hostile(), { limit: 9000 });
    expect(Buffer.byteLength(small)).toBeLessThanOrEqual(9000);
  });

  it('counts changes by image set and by kind', () => {
    const summary = renderSummary(oneReleaseGoes());
    expect(summary).toContain('| `imageset-config.yaml` | 0 | 0 | 131 | 60 | 1 | 192 |');
    expect(summary).toContain('| Release images | 0 | 0 | 1 | 0 | 0 | 1 |');
  });
});

describe('findings', () => {
  it('say that nothing was or will be changed', () => {
    expect(renderFindings(findings, { target })).toContain('nothing was or will be changed');
    expect(renderFindingsSummary(findings, { target })).toContain('nothing was or will be changed');
  });

  it('are silent when there are none', () => {
    expect(formatFindings([])).toBe('');
  });
});

describe('the YAML that mends a finding', () => {
  it('is added where nothing wrong is written, else takes its place', () => {
    const bare = { severity: 'warning', code: 'c', summary: 'S.', fix: '- name: acm' } as const;
    const finding = { ...bare, at: { file: 'f.yaml', line: 1, column: 1 } };
    expect(markdownFinding(finding)).toContain('Write there:');
    expect(markdownFinding({ ...finding, text: 'acn' })).toContain('Write instead:');
    expect(formatFindings([finding])).toContain('    write there:\n      - name: acm');
    expect(markdownFinding(bare)).toContain('Remedy:');
  });
});
