import { describe, expect, it } from 'vitest';
import { loadFiles, uniqueDiagnostics } from '../../src/run/load.ts';
import { channelConfig } from '../support/lab.ts';

const good = channelConfig('4.16.5', '4.16.6', 'good.yaml');

describe('files that are read', () => {
  it('give the image sets that can be read, and the findings of the others', () => {
    const bad = { name: 'bad.yaml', text: good.text.replace('minVersion', 'minVersoin') };
    const { imageSets, diagnostics } = loadFiles([bad, good]);
    expect(imageSets.map(({ name }) => name)).toEqual(['good.yaml']);
    expect(diagnostics.map(({ at, severity }) => `${at?.file} ${severity}`)).toContain(
      'bad.yaml error',
    );
    expect(diagnostics.every(({ at }) => at?.file === 'bad.yaml')).toBe(true);
  });

  it.each([
    ['an empty file', ''],
    ['a list', '- a'],
    ['a number', '7'],
    ['two documents', `${good.text}---\n${good.text}`],
    ['the older version', good.text.replace('v2alpha1', 'v1alpha2')],
    ['the kind of deletions', good.text.replace('kind: Image', 'kind: DeleteImage')],
  ])('never fail without a word: %s', (_, text) => {
    const { imageSets, diagnostics } = loadFiles([{ name: 'isc.yaml', text }]);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(imageSets.length === 0).toBe(errors.length > 0);
  });

  it('say of a kind of content that cannot be mirrored yet that it cannot', () => {
    const text = [
      'apiVersion: mirror.openshift.io/v2alpha1',
      'kind: ImageSetConfiguration',
      'mirror:',
      '  additionalImages:',
      '  - name: dir:///srv/image',
      '',
    ].join('\n');
    const { diagnostics } = loadFiles([{ name: 'isc.yaml', text }]);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ at: { line: expect.any(Number) } }]);
  });
});

it('a finding that two endpoints of looking report at one place is told once', () => {
  const at = { file: 'a.yaml', line: 1, column: 2 };
  const one = { severity: 'error', code: 'x', summary: 'One.', at } as const;
  const sameElsewhere = { ...one, at: { ...at, line: 2 } };
  const nowhere = { severity: 'error', code: 'x', summary: 'One.' } as const;
  expect(
    uniqueDiagnostics([one, { ...one, summary: 'Other.' }, sameElsewhere, nowhere, nowhere]),
  ).toEqual([one, sameElsewhere, nowhere]);
});
