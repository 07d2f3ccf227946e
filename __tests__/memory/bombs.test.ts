import { test } from 'vitest';
import { effort } from '../support/effort.ts';
import { expectSmall } from './bomb.ts';

const bombs: readonly (readonly [kind: string, outcome: RegExp])[] = [
  ['blanks', /more than 32 MiB/],
  ['zeros', /1000 bytes after decompression for each/],
  ['texts', /^read$/],
  ['many', /96 MiB of documents/],
  ['signature', /more than 1 MiB after decompression/],
  ['yaml', /600000 tokens/],
  ['lines', /600000 tokens/],
  ['objects', /1000000 values/],
  ['graph', /more than/],
  ['manifest', /MiB|values|descriptor/],
  ['configuration', /600000 tokens/],
  ['images', /^read$/],
  ['word', /more than 32 MiB/],
  ['state', /PlanError/],
  ['large state', /PlanError.*bytes after decompression/],
  ['undo', /PlanError/],
  ['flow', /600000 tokens/],
];

test.each(effort.some(bombs, 2))(
  'input that is made to exhaust memory (%s) is read or refused within 512 MiB',
  async (kind, outcome) => {
    await expectSmall(kind, outcome);
  },
  effort.limit,
);
