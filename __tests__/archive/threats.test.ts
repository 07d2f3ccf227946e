import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '../../src/oci/index.ts';
import { paxRecord, type RawHeader, rawEntry, rawHeader, tarEnd } from '../support/tar.ts';
import { makeScene } from './scene.ts';

const root = 'docker/registry/v2';
const content = 'a blob';
const digest = digestOf(Buffer.from(content));
const blob = `${root}/blobs/sha256/${hexOf(digest).slice(0, 2)}/${hexOf(digest)}/data`;
const tag = `${root}/repositories/ns/app/_manifests/tags/v1/current/link`;

/** Makes a file whose name may be longer than a header's field. */
function file(name: string, text: string): Buffer {
  const long = rawEntry({ name: 'pax', type: 'x' }, paxRecord('path', name));
  return Buffer.concat([long, rawEntry({ name: 'short' }, text)]);
}

/** Loads an archive of these entries, as oc-mirror could have written them; gives the failure and where it was loaded. */
async function load(...entries: readonly Buffer[]) {
  const from = makeScene();
  writeFileSync(join(from.directory, 'mirror_000001.tar'), Buffer.concat([...entries, tarEnd]));
  const scene = makeScene();
  const outcome = await scene.load(from.directory).then(
    (loaded) => ({ loaded, error: undefined }),
    (error: unknown) => ({ loaded: undefined, error: error as Error & { code: string } }),
  );
  const files = existsSync(scene.directory)
    ? readdirSync(scene.directory, { recursive: true, withFileTypes: true })
        .filter((one) => !one.isDirectory())
        .map(({ name }) => name)
    : [];
  return { ...outcome, scene, files };
}

async function refused(...entries: readonly Buffer[]): Promise<string> {
  const { error, files } = await load(file(blob, content), ...entries);
  // The one sound blob may stay: nobody reaches it.
  expect(files.filter((name) => name !== 'data')).toEqual([]);
  expect(error?.message).toContain('mirror_000001.tar');
  return `${error?.code}: ${error?.message}`;
}

describe('an archive from anybody', () => {
  it('is taken as far as it has images and what a run without a network reads', async () => {
    const { loaded, scene } = await load(
      rawEntry({ name: tag }, digest),
      file(blob, content),
      rawEntry({ name: 'working-dir/signatures/x' }, 'signed'),
      rawEntry({ name: 'working-dir/signatures/', type: '5' }),
      rawEntry({ name: 'isc_2026-01-01T00:00:00Z' }, 'kind: ImageSetConfiguration'),
    );
    expect(loaded).toMatchObject({ blobs: 1, bytes: 6 });
    expect(await scene.cache.links('ns/app').tag('v1')).toBe(digest);
    expect(existsSync(join(scene.workingDirectory, 'signatures/x'))).toBe(true);
  });

  it.each([
    'working-dir/../../etc/cron.d/x',
    'docker/registry/v2/../../../x',
    '/etc/passwd',
    './working-dir/signatures/x',
    'working-dir//signatures/x',
    'working-dir/signatures/a\\..\\b',
    'working-dir/signatures/\u001b[31m',
    `working-dir/signatures/${'x'.repeat(256)}`,
  ])('is refused when it names %j', async (name) => {
    expect(await refused(file(name, 'x'))).toMatch(/^ARCHIVE_INVALID: .*cannot be taken/s);
  });

  it.each([
    ['link', '1'],
    ['symlink', '2'],
    ['device', '3'],
    ['device', '4'],
    ['device', '6'],
    ['special file', 'S'],
    ['special file', 'Z'],
  ])('is refused when it has a %s (%s)', async (word, type) => {
    const entry = rawEntry({ name: 'working-dir/signatures/x', type, link: '/etc/passwd' });
    expect(await refused(entry)).toContain(`is a ${word}`);
  });

  it('is refused when it has holes', async () => {
    const holes = paxRecord('GNU.sparse.major', '1') + paxRecord('GNU.sparse.realsize', '9999');
    const entries = [
      rawEntry({ name: 'pax', type: 'x' }, holes),
      rawEntry({ name: 'working-dir/signatures/x' }, 'x'),
    ];
    expect(await refused(...entries)).toContain('special file');
  });

  it('is refused when two entries have one name', async () => {
    const twice = rawEntry({ name: tag }, digest);
    expect(await refused(twice, twice)).toContain('stands there twice');
  });

  it('is refused when a size is more than there is', async () => {
    const sizes: readonly (number | Uint8Array)[] = [
      4096,
      Uint8Array.from([0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
      Uint8Array.from([0xff, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]),
    ];
    for (const size of sizes) {
      const header: RawHeader = { name: 'working-dir/signatures/x', size };
      const message = await refused(Buffer.concat([rawHeader(header), Buffer.alloc(512)]));
      expect(message).toMatch(/ARCHIVE_INVALID|TOO_LARGE/);
    }
    const long = rawEntry({ name: 'pax', type: 'x' }, paxRecord('size', '99999999999999'));
    expect(await refused(long, rawEntry({ name: 'working-dir/signatures/x' }, 'x'))).toContain(
      'TOO_LARGE',
    );
  });

  it('is refused when a link is no link, or links to another digest than it says', async () => {
    expect(await refused(rawEntry({ name: tag }, 'x'.repeat(300)))).toContain('TOO_LARGE');
    expect(await refused(rawEntry({ name: tag }, '../../x'))).toContain('link to no digest');
    const other = `${root}/repositories/ns/app/_layers/sha256/${'0'.repeat(64)}/link`;
    expect(await refused(file(other, digest))).toContain('another digest');
  });

  it('is refused when a blob is not what its name says', async () => {
    const name = `${root}/blobs/sha256/00/${'0'.repeat(64)}/data`;
    const { error, files } = await load(file(name, 'anything'));
    expect(error?.code).toBe('DIGEST_MISMATCH');
    expect(files).toEqual([]);
  });

  it('is refused when it is compressed or something else', async () => {
    expect(await refused(Buffer.from('\u001f\u008b'.padEnd(2_000, 'x')))).toContain(
      'ARCHIVE_INVALID',
    );
  });

  it('brings no file that changes how this machine behaves, and no permission', async () => {
    const { loaded, files, scene } = await load(
      ...[
        'working-dir/containers/registries.d/x.yaml',
        'working-dir/plan/plan.json',
        'working-dir/content/sha256/aa',
        'working-dir/logs/x.log',
        'working-dir/.history/.history-2026-01-01T00:00:00Z',
        'working-dir/cluster-resources/idms.yaml',
        'other/file',
        `${root}/repositories/ns/app/_uploads/1/data`,
      ].map((name) => rawEntry({ name }, 'x')),
      rawEntry({ name: 'working-dir/helm/charts/a.tgz' }, 'x'),
    );
    expect(loaded).toBeDefined();
    expect(files).toEqual(['a.tgz']);
    const { mode } = statSync(join(scene.workingDirectory, 'helm/charts/a.tgz'));
    expect(mode & 0o7133).toBe(0);
  });
});
