import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createFakeRegistry } from '../../src/fake-registry/index.ts';
import { type Emulation, emulations } from '../support/emulations.ts';

const all = Object.entries<Emulation>(emulations);

/** Formats the table of the page about registries. */
function table(): string {
  const rows = all.map(([, { product, version, real, cannot }]) => {
    const tried = real === undefined ? `emulated ${version}` : `real ${real}, emulated`;
    return `| ${product} | ${tried} | ${cannot.join('; ')} |`;
  });
  return ['| Registry | Tried | Cannot |', '|:--|:--|:--|', ...rows].join('\n');
}

it('the page about registries says what was tried and what each cannot do', () => {
  const page = readFileSync(new URL('../../.github/docs/registries.md', import.meta.url), 'utf8');
  const between = /<!-- registries:begin -->\n(.*?)\n<!-- registries:end -->/s.exec(page)?.[1];
  expect(between).toBe(table());
});

it.each(all)('%s cannot do what its table says, and nothing else is missing', (_, emulation) => {
  const { settings } = createFakeRegistry(emulation.settings);
  const cannot = new Set(emulation.cannot);
  const isImmutable = settings.immutableTags !== undefined;
  expect(cannot.has('delete by digest')).toBe(settings.digestDelete !== 'on' || isImmutable);
  expect(cannot.has('remove one tag')).toBe(settings.tagDelete !== 'on');
  expect(cannot.has('move a tag')).toBe(isImmutable);
  expect(cannot.has('take unknown artifact types')).toBe(settings.artifacts === 'images');
  expect(cannot.has('mount blobs')).toBe(settings.mounts === 'off');
  expect(cannot.has('list all tags')).toBe(settings.hidesTags(['v1', 'v1-x']).length > 0);
  expect(cannot.has('say 404 of a repository that does not exist')).toBe(
    settings.unknownRepository !== 'absent',
  );
});
