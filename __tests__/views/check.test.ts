import { describe, expect, it } from 'vitest';
import { checkLines, type MirrorCheck, renderCheck } from '../../src/views/index.ts';

const check: MirrorCheck = {
  done: 2,
  total: 3,
  imageFailures: [{ origin: 'team/<b>:v1', message: 'is @gone', hint: 'Run it | again.' }],
  notes: ['Foreign: [x](http://evil.example)'],
};
const options = { target: 'registry.example.com', deed: 'verified' } as const;

describe('the views of a check', () => {
  it('escape what comes from outside', () => {
    expect(renderCheck(check, options)).toBe(
      [
        '### Mirror check · `registry.example.com`',
        '',
        '**Verified 2 / 3 images.**',
        '',
        '| image | fault | remedy |',
        '| :-- | :-- | :-- |',
        '| <code>team/&#60;b&#62;:v1</code> | is @&#8203;gone | Run it &#124; again. |',
        '',
        '- Foreign: \\[x\\](http&#58;//evil.example)',
        '',
      ].join('\n'),
    );
  });

  it('count images alone, and name signatures apart', () => {
    const signed = { ...check, signatures: { done: 1, total: 1 }, changed: 3, damaged: 4 };
    expect(checkLines(signed, { deed: 'verified' })[0]?.text).toBe(
      'verified 2 / 3 images, 1 / 1 signature, repaired 3 of 4',
    );
  });

  it('suggest what is new upstream with the YAML that brings it, one line each at the end', () => {
    const news = [
      {
        severity: 'notice',
        code: 'new-release',
        summary: 'A newer release is in the channel.',
        detail: 'stable-4.16 has 4.16.6.',
        text: '4.16.5',
        fix: 'maxVersion: 4.16.6',
        at: { file: 'isc.yaml', line: 8, column: 21 },
      },
    ] as const;
    const whole = { done: 3, total: 3, imageFailures: [], notes: [], news };
    expect(checkLines(whole, { deed: 'verified' }).at(-1)).toEqual({
      verb: 'new',
      text: 'isc.yaml:8: maxVersion: 4.16.5 → 4.16.6. stable-4.16 has 4.16.6.',
    });
    expect(renderCheck(whole, options)).toContain(
      [
        '#### New upstream',
        '',
        'Notice · `isc.yaml:8:21` · `4.16.5`',
        '',
        'A newer release is in the channel. stable-4.16 has 4.16.6.',
        '',
        'Write instead:',
        '',
        '```yaml',
        'maxVersion: 4.16.6',
        '```',
      ].join('\n'),
    );
  });

  it('fit their limit whatever is missing', () => {
    const imageFailures = Array.from({ length: 5000 }, (_, index) => ({
      origin: `team/app:${index}`,
      message: 'the tag is gone',
      hint: 'x'.repeat(200),
    }));
    const text = renderCheck({ ...check, imageFailures }, { ...options, limit: 65_536 });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/… and \d\D?\d+ more, in the log\./);
  });

  it('end in the order of every closing: count, failures with remedies, notes, log', () => {
    expect(checkLines(check, { deed: 'verified', log: 'x.log' })).toEqual([
      { verb: 'done', text: 'verified 2 / 3 images' },
      { verb: 'failed', text: 'team/<b>:v1: is @gone. Run it | again.' },
      { verb: 'note', text: 'Foreign: [x](http://evil.example)' },
      { verb: 'see', text: 'log x.log' },
    ]);
  });
});
