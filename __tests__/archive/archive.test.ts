import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeImage, makeIndex } from '../support/images.ts';
import { archivedScene, makeScene, pushInto } from './scene.ts';

const chunkOf = (directory: string, number: number) =>
  join(directory, `mirror_${String(number).padStart(6, '0')}.tar`);

const tarsIn = (directory: string) => readdirSync(directory).filter((name) => /\.tar/.test(name));

describe('an archive', () => {
  it('brings images and signatures to a cache that has nothing', async () => {
    const { scene, images, archive } = await archivedScene();
    expect(archive.paths.length).toBeGreaterThan(1);
    const other = makeScene();
    const loaded = await other.load(scene.directory);
    expect(loaded).toMatchObject({ blobs: archive.blobs, bytes: archive.bytes });
    for (const { repository, tag, digest } of images) {
      const { manifests } = other.cache.repository('c', repository);
      expect((await manifests.resolve(tag))?.digest).toBe(digest);
    }
    const signature = join(other.workingDirectory, 'signatures/4.16.5-sha256-aa');
    expect(readFileSync(signature, 'utf8')).toBe('a signature');
  });

  it('has what is about its images, and nothing else of the cache', async () => {
    const scene = makeScene();
    const app = makeImage({ seed: 'app' });
    const image = await scene.add(app, 'ns/app', 'v1');
    const tag = `${image.digest.replace(':', '-')}.sig`;
    await scene.add(makeImage({ seed: 'signature' }), 'ns/app', tag);
    const sbom = makeImage({ seed: 'sbom', subject: app.manifest.descriptor });
    await pushInto(scene, sbom, ['ns/app']);
    await scene.add(makeImage({ seed: 'old' }), 'ns/app', 'v0');
    await scene.add(makeImage({ seed: 'elsewhere' }), 'ns/elsewhere', 'v1');
    await scene.write([image]);
    const other = makeScene();
    await other.load(scene.directory);
    const { tags, referrers } = other.cache.repository('c', 'ns/app');
    expect(await tags.list()).toEqual([tag, 'v1']);
    expect(await referrers.list(image.digest)).toHaveLength(1);
    expect(await other.cache.repositories()).toEqual(['ns/app']);
  });

  it('has only the platforms of an index that are wanted', async () => {
    const scene = makeScene();
    const index = makeIndex([makeImage({ seed: 'amd64' }), makeImage({ seed: 'arm64' })]);
    const image = await scene.add(index, 'ns/app');
    const platforms = [{ os: 'linux', architecture: 'arm64' }];
    const some = { ...image, tag: 'some', platforms };
    expect((await scene.write([some])).blobs).toBe(5);
    // Another tag wants all of them; more images come before it than are read at once.
    rmSync(join(scene.workingDirectory, '.history'), { recursive: true });
    const many = Array.from({ length: 20 }, (_, number) => ({ ...some, tag: `some-${number}` }));
    expect((await scene.write([...many, image])).blobs).toBe(9);
  });

  it('has no blob that an earlier one had, and says how many it assumes', async () => {
    const { scene, images } = await archivedScene();
    const more = await scene.add(makeImage({ seed: 'more' }), 'ns/more');
    const all = [...images, more];
    const second = await scene.write(all, { stamp: '2026-02-01T00:00:00Z' });
    expect(second).toMatchObject({ generation: 2, base: 1, blobs: 4, assumed: 12 });
    const third = await scene.write(all, { stamp: '2026-03-01T00:00:00Z', since: '2026-01-15' });
    expect(third).toMatchObject({ generation: 3, base: 1, blobs: 4 });
    const full = await scene.write(all, { stamp: '2026-04-01T00:00:00Z', since: '2025-12-31' });
    expect(full).toMatchObject({ generation: 4, base: 0, blobs: 16, assumed: 0 });
  });

  it('is named after its stream and generation, and loaded in that order', async () => {
    const { scene, images } = await archivedScene();
    const more = await scene.add(makeImage({ seed: 'more' }), 'ns/more');
    rmSync(join(scene.workingDirectory, '.history'), { recursive: true });
    const to = join(scene.directory, 'streams');
    await scene.write(images, { to, naming: 'stream' });
    const changes = { to, naming: 'stream', stamp: '2026-02-01T00:00:00Z' } as const;
    const second = await scene.write([...images, more], changes);
    expect(second.blobs).toBe(4);
    const names = ['team-a-g0001-mirror_000001.tar', 'team-a-g0002-mirror_000001.tar'];
    expect(tarsIn(to)).toEqual(names);
    const other = makeScene();
    const loaded = await other.load(to);
    expect(loaded).toMatchObject({ name: { generation: 2, base: 1 } });
    expect(await other.cache.repositories()).toHaveLength(4);
  });

  it('does not call itself whole by a history that is damaged', async () => {
    const { scene, images } = await archivedScene();
    const path = join(scene.workingDirectory, '.history/.history-2026-01-01T00:00:00Z');
    appendFileSync(path, 'sha256:cut');
    await expect(scene.write(images)).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
  });

  it('gives a file that is larger than a chunk one of its own, or refuses it before it writes', async () => {
    const { scene, images, archive } = await archivedScene();
    rmSync(join(scene.workingDirectory, '.history'), { recursive: true });
    const before = readFileSync(archive.paths[0] ?? '');
    const strict = scene.write(images, { most: 2_500, large: 'refuse' });
    await expect(strict).rejects.toMatchObject({ code: 'ARCHIVE_SIZE', actual: '3000 bytes' });
    expect(readFileSync(archive.paths[0] ?? '')).toEqual(before);
    const open = await scene.write(images, { most: 2_500 });
    expect(open.large.map(({ size }) => size)).toEqual([3_000, 3_000, 3_000]);
    expect((await makeScene().load(scene.directory)).blobs).toBe(12);
  });

  it('replaces the one before, and leaves it as it was when it cannot be written', async () => {
    const { scene, images, archive } = await archivedScene();
    const [image] = images;
    const before = archive.paths.map((path) => readFileSync(path));
    const lost = makeImage({ seed: 'lost' }).manifest.descriptor.digest;
    const broken = [...images, { repository: 'ns/x', tag: 'x', digest: lost }];
    await expect(scene.write(broken)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(archive.paths.map((path) => readFileSync(path))).toEqual(before);
    await scene.write(image ? [image] : [], { stamp: '2026-02-01T00:00:00Z' });
    expect(tarsIn(scene.directory)).toEqual(['mirror_000001.tar']);
  });
});

describe('an archive that is not whole', () => {
  const refusal = async (directory: string) => {
    const other = makeScene();
    const error: Error = await other.load(directory).then(
      () => new Error('it was loaded'),
      (thrown: unknown) => thrown as Error,
    );
    // Nothing of it can be seen: no tag, no file of the working directory, nothing half written.
    expect(await other.cache.repositories()).toEqual([]);
    expect(existsSync(join(other.workingDirectory, 'signatures'))).toBe(false);
    const left = readdirSync(other.directory, { recursive: true }).map(String);
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    return error;
  };

  it('is refused when there is none', async () => {
    expect(await refusal(makeScene().directory)).toMatchObject({ code: 'ARCHIVE_MISSING' });
    expect(await refusal('/does/not/exist')).toMatchObject({ code: 'ARCHIVE_MISSING' });
  });

  it('is refused with the name of the file that is missing in its middle', async () => {
    const { scene } = await archivedScene();
    rmSync(chunkOf(scene.directory, 1));
    const error = await refusal(scene.directory);
    expect(error).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(error.message).toContain('lacks mirror_000001.tar');
  });

  it('is refused with the name of the file that is missing at its end', async () => {
    const { scene, archive } = await archivedScene();
    rmSync(archive.paths.at(-1) ?? '');
    const error = await refusal(scene.directory);
    expect(error).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
    expect(error.message).toContain(`generation 1 of "team-a") has ${archive.paths.length} files`);
  });

  it('is refused when a file is empty', async () => {
    const { scene } = await archivedScene();
    writeFileSync(chunkOf(scene.directory, 2), '');
    const error = await refusal(scene.directory);
    expect(error).toMatchObject({ code: 'ARCHIVE_EMPTY', actual: chunkOf(scene.directory, 2) });
  });

  it.each([512, 1024, 4_000])('is refused when a file lacks its last %i bytes', async (cut) => {
    const { scene } = await archivedScene();
    const path = chunkOf(scene.directory, 2);
    truncateSync(path, readFileSync(path).byteLength - cut);
    const error = await refusal(scene.directory);
    expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(error.message).toContain(path);
  });

  it('is refused when a byte of a blob, of a link or of a signature is another', async () => {
    for (const part of ['blobs/sha256', '_manifests/tags', 'signatures']) {
      const { scene, archive } = await archivedScene();
      const wanted = archive.paths.find((path) => findContent(readFileSync(path), part) > 0) ?? '';
      const bytes = readFileSync(wanted);
      const at = findContent(bytes, part) + 9;
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(wanted, bytes);
      const error = await refusal(scene.directory);
      expect(error.message).toContain(wanted);
      expect(['DIGEST_MISMATCH', 'ARCHIVE_INVALID']).toContain((error as { code?: string }).code);
    }
  });

  it('is refused when a file of another archive stands among its own', async () => {
    const { scene, images } = await archivedScene();
    const kept = readFileSync(chunkOf(scene.directory, 1));
    rmSync(join(scene.workingDirectory, '.history'), { recursive: true });
    await scene.write(images, { most: 9_000, stamp: '2025-01-01T00:00:00Z' });
    await scene.write(images, { most: 9_000, stamp: '2026-05-01T00:00:00Z', since: '2024-01-01' });
    writeFileSync(chunkOf(scene.directory, 1), kept);
    const error = await refusal(scene.directory);
    expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(error.message).toMatch(/generation 1 of "team-a" and generation 2/);
  });

  it("is refused when its files were given each other's names", async () => {
    const { scene } = await archivedScene();
    renameSync(chunkOf(scene.directory, 1), join(scene.directory, 'x'));
    renameSync(chunkOf(scene.directory, 2), chunkOf(scene.directory, 1));
    renameSync(join(scene.directory, 'x'), chunkOf(scene.directory, 2));
    expect((await refusal(scene.directory)).message).toContain('it is file 2 of its archive');
  });
});

/** Gives where the content of the first entry begins whose name has a part; -1 where there is none. */
function findContent(bytes: Buffer, part: string): number {
  const name = bytes.indexOf(part);
  if (name < 0) return -1;
  // The name of an extended header stands in a block of its own, before the header of the file.
  const header = bytes.indexOf('ustar', name);
  return header - 257 + 512;
}
