import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReference, parseReference, splitName } from '../../src/oci/index.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('a name', () => {
  it.each([
    ['app', { name: 'app' }],
    ['app:1', { name: 'app', tag: '1' }],
    ['host:5000/app', { name: 'host:5000/app' }],
    ['host:5000/app:1', { name: 'host:5000/app', tag: '1' }],
    ['docker://host/app:1', { name: 'docker://host/app', tag: '1' }],
    [`host:5000/app@${digest}`, { name: 'host:5000/app', digest }],
    [`host/app:1@${digest}`, { name: 'host/app', tag: '1', digest }],
    ['app:', { name: 'app', tag: '' }],
    ['app@', { name: 'app', digest: '' }],
    ['app@a@b', { name: 'app', digest: 'a@b' }],
  ])('%s is cut into its parts', (text, parts) => {
    expect(splitName(text)).toEqual(parts);
  });
});

describe('a reference', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const reference = fc.record(
    {
      registry: fc.constantFrom('host.test', 'host.test:5000', '[::1]:5000'),
      repository: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
      tag: fc.stringMatching(/^\w[\w.-]{0,20}$/),
      digest: fc.constant(digest),
    },
    { requiredKeys: ['registry', 'repository'] },
  );

  it('that was written is read back as it was', () => {
    fc.assert(
      fc.property(reference, (one) => {
        const text = formatReference(one as Parameters<typeof formatReference>[0]);
        expect(parseReference(text)).toEqual(one);
        expect(parseReference(`docker://${text}`)).toEqual(one);
      }),
    );
  });

  it.each([
    ['app', 'it has no registry host'],
    ['-/app', '"-" is no host'],
    ['host/App', '"App" is no repository'],
    ['host/app:-', '"-" is no tag'],
    ['host/app@sha256:1', '"sha256:1" is no digest'],
    [`host/app@${digest}@${digest}`, 'is no digest'],
  ])('%s is refused, and the wrong part is named', (text, why) => {
    expect(() => parseReference(text)).toThrow(why);
  });
});
