import { describe, expect, it } from 'vitest';
import * as run from '../../src/run/index.ts';
import { makeImage } from '../support/images.ts';
import { change, imagesConfig } from '../support/lab.ts';
import { digestOfImage, makeImageLab, publish, pullTarget } from './image-lab.ts';

describe('a wanted image that cannot be mirrored', () => {
  it('fails the apply of its plan and verify, until it is there', async () => {
    const lab = await makeImageLab();
    const [good, late] = [makeImage({ seed: 'good' }), makeImage({ seed: 'late' })];
    const name = await publish(lab, 'team/app', good, 'v1');
    const file = imagesConfig([`${name}:v1`, `${name}:v2`]);
    const request = change(undefined, [file]);
    const { files, diagnostics, unread } = await lab.plan(request);
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'source-unreadable' }]);
    expect(unread).toEqual([{ kind: 'additional' }]);
    const planText = files.get('plan.json') ?? '';
    const approval = { require: 'none' } as const;
    const { result } = await run.apply(
      lab.settings(),
      { planText, files: [file], approval },
      () => {},
    );
    expect(result).toMatchObject({ status: 'partial', unmet: 1 });
    expect(result.notes.join()).toContain(`${name}:v2`);
    expect(await pullTarget(lab, 'team/app', 'v1')).toBe(digestOfImage(good));
    const verified = await run.verify(lab.settings(), () => {});
    expect(verified).toMatchObject({ done: 1, total: 2 });
    expect(verified.imageFailures).toMatchObject([{ origin: file.name }]);
    await publish(lab, 'team/app', late, 'v2');
    await lab.apply(request);
    expect(await run.verify(lab.settings(), () => {})).toMatchObject({
      done: 2,
      imageFailures: [],
    });
  });
});
