import { test } from 'vitest';
import { bombTimeout, expectSmall } from './bomb.ts';

test.each([
  ['word', /more than 32 MiB/],
  ['objects', /1000000 values/],
  ['signature', /more than 1 MiB after decompression/],
])(
  'what is made to exhaust memory (%s) is refused within 512 MiB',
  async (kind, outcome) => {
    await expectSmall(kind, outcome);
  },
  bombTimeout,
);
