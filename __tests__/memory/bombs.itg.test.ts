import { test } from 'vitest';
import { bombTimeout, expectSmall } from './bomb.ts';

test.each([
  ['blanks', /more than 32 MiB/],
  ['zeros', /1000 bytes after decompression for each/],
  ['texts', /^read$/],
  ['many', /96 MiB of documents/],
  ['yaml', /600000 tokens/],
  ['lines', /600000 tokens/],
  ['graph', /more than/],
  ['manifest', /MiB|values|descriptor/],
  ['configuration', /600000 tokens/],
  ['images', /^read$/],
  ['state', /PlanError/],
  ['large state', /PlanError.*bytes after decompression/],
  ['undo', /PlanError/],
  ['flow', /600000 tokens/],
])(
  'what is made to exhaust memory (%s) is read or refused within 512 MiB',
  async (kind, outcome) => {
    await expectSmall(kind, outcome);
  },
  bombTimeout,
);
