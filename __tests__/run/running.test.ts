import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRunning } from '../../src/run/running.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const resources = {
  kind: 'List',
  items: [
    {
      kind: 'ClusterVersion',
      status: {
        desired: { version: '4.16.6' },
        history: [
          { state: 'Partial', version: '4.16.6' },
          { state: 'Completed', version: '4.16.5' },
          { state: 'Completed', version: '4.16.1' },
        ],
      },
    },
    {
      kind: 'ClusterServiceVersion',
      metadata: { name: 'odf-operator.v4.17.3' },
      spec: { version: '4.17.3' },
    },
    { kind: 'ClusterServiceVersion', metadata: { name: 'without.v1.0.0' }, spec: {} },
  ],
};

function fileWith(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return join(tempDirectory({ 'clusters.json': text }), 'clusters.json');
}

describe('what clusters run', () => {
  it('is told by versions, operators and files of resources, each once', async () => {
    const file = fileWith(resources);
    expect(await readRunning(['4.16.5', 'kiali-ossm 1.89.1', 'acm.v2.9.0', file, file])).toEqual({
      releases: ['4.16.5', '4.16.6'],
      operators: [
        { name: 'acm.v2.9.0', version: '2.9.0' },
        { name: 'kiali-ossm.v1.89.1', version: '1.89.1' },
        { name: 'odf-operator.v4.17.3', version: '4.17.3' },
      ],
    });
  });

  it('is unknown where nothing is told', async () => {
    expect(await readRunning([])).toBeUndefined();
  });

  it('is not read from a file of more than 256 MiB', async () => {
    const path = fileWith('');
    truncateSync(path, 257 * 1024 * 1024);
    await expect(readRunning([path])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: `currently-running: ${path} is larger than 256 MiB.`,
    });
  });

  it.each([
    ['no such file', undefined],
    ['no JSON', 'kind: List'],
    ['other resources', { kind: 'List', items: [{ kind: 'Pod' }, null, 7] }],
    ['a deep file', '['.repeat(100_000)],
  ])('is refused by name: %s', async (_, value) => {
    const entry = value === undefined ? '/no/such/file.json' : fileWith(value);
    await expect(readRunning([entry])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(entry.slice(-20)),
    });
  });
});
