import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReferenceNotes } from '../../src/catalog/index.ts';
import { writeSealed } from '../../src/catalog/sealed.ts';
import { silentLogger } from '../../src/log.ts';
import { digestOf } from '../../src/oci/index.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const one = digestOf(Buffer.from('one'));
const two = digestOf(Buffer.from('two'));

function openNotes(directory = tempDirectory()) {
  const notes = openReferenceNotes({ directory, log: silentLogger });
  const folder = join(directory, 'references');
  const file = () => join(folder, readdirSync(folder)[0] ?? '');
  return { directory, notes, file };
}

describe('notes of references', () => {
  test('say what each meant last, also to the next run', async () => {
    const { directory, notes } = openNotes();
    await notes.remember('a.test/x:v1', two);
    await notes.remember('a.test/x:v1', one);
    await notes.remember('a.test/x:v2', two);
    const later = openNotes(directory).notes;
    expect(await later.recall('a.test/x:v1')).toBe(one);
    expect(await later.recall('a.test/x:v2')).toBe(two);
    expect(await later.recall('a.test/x:v3')).toBeUndefined();
  });

  test('never lead out of their directory', async () => {
    const { directory, notes } = openNotes();
    const reference = '../../../etc/passwd:v1';
    await notes.remember(reference, one);
    expect(readdirSync(directory)).toEqual(['references']);
    expect(await notes.recall(reference)).toBe(one);
  });

  test('that are damaged, or are not what they should be, are none', async () => {
    const { notes, file } = openNotes();
    await notes.remember('a.test/x:v1', one);
    writeFileSync(file(), '{}');
    expect(await notes.recall('a.test/x:v1')).toBeUndefined();
    for (const wrong of [
      null,
      'text',
      { reference: 'a.test/x:v1', digest: 'sha256:../../x' },
      { reference: 'a.test/x:v1', digest: 7 },
      { reference: 'other', digest: one },
    ]) {
      await writeSealed(file(), wrong);
      expect(await notes.recall('a.test/x:v1')).toBeUndefined();
    }
  });

  test('that cannot be written stop nobody', async () => {
    const directory = tempDirectory();
    writeFileSync(join(directory, 'references'), 'a file in the way');
    const { notes } = openNotes(directory);
    await notes.remember('a.test/x:v1', one);
    expect(await notes.recall('a.test/x:v1')).toBeUndefined();
  });
});
