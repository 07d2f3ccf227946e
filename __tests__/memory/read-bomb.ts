// A program that reads one bomb and tells what became of it, and the most memory that it needed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeflateRaw, createGzip, createZstdCompress } from 'node:zlib';
import { openCatalog } from '../../src/catalog/index.ts';
import { makeSigningKey, strayDigest } from '../../src/fake-upstream/index.ts';
import { loadImageSet } from '../../src/imageset/index.ts';
import { silentLogger } from '../../src/log.ts';
import { parseManifest } from '../../src/oci/index.ts';
import { parseGraph, verifySignature } from '../../src/release/index.ts';
import { decodeUndo, encodeUndo } from '../../src/state/index.ts';
import { memoryCache } from '../support/catalog.ts';
import { decodeState, encodeState, placementOf, stateOf } from '../support/state-facts.ts';
import { rawHeader } from '../support/tar.ts';

const mebibyte = 1024 * 1024;
const digest = strayDigest('a bomb');
const directory = mkdtempSync(join(tmpdir(), 'imageset-mirror-bomb-'));

function* repeated(piece: string, bytes: number): Generator<Uint8Array> {
  const chunk = Buffer.from(piece.repeat(Math.ceil(mebibyte / piece.length)));
  for (let left = bytes; left > 0; left -= chunk.byteLength) yield chunk.subarray(0, left);
}

function* fileOf(bytes: number, content: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield rawHeader({ name: 'configs/foo/catalog.yaml', size: bytes });
  yield* content;
  yield Buffer.alloc(1024 + ((512 - (bytes % 512)) % 512));
}

/** Documents of one shape, one after the other. */
function* documents(count: number, [begin, piece, end]: readonly [string, string, string]) {
  for (let number = 0; number < count; number += 1) {
    yield Buffer.from(begin);
    yield* repeated(piece, 9 * mebibyte);
    yield Buffer.from(end);
  }
}

function documentsLayer(count: number, parts: readonly [string, string, string]) {
  const [begin, , end] = parts.map((part) => Buffer.byteLength(part));
  const bytes = count * ((begin ?? 0) + 9 * mebibyte + (end ?? 0));
  return fileOf(bytes, documents(count, parts));
}

async function readCatalog(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: 1 };
  const raw = Buffer.from(JSON.stringify({ config: layer, layers: [layer] }));
  const manifest = parseManifest(raw, 'application/vnd.oci.image.manifest.v1+json');
  if (manifest.kind !== 'image') throw new Error('no image');
  const config = {
    config: { Labels: { 'operators.operatorframework.io.index.configs.v1': '/configs' } },
  };
  const image = { root: manifest, instances: [{ manifest, config, platform: undefined }] };
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const repository = { name: 'index', blobs: { fetch: async () => bytes() } };
  const source = { repository, cache: memoryCache() } as unknown as Parameters<
    typeof openCatalog
  >[1];
  const catalog = await openCatalog(image, source, { directory, log: silentLogger });
  return (await catalog.read('foo'))?.blobs.length;
}

async function* packed(
  transform: NodeJS.ReadWriteStream & AsyncIterable<Uint8Array>,
  chunks: Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { Readable } = await import('node:stream');
  Readable.from(chunks).pipe(transform);
  yield* transform;
}

async function signatureBomb(): Promise<unknown> {
  const chunks: Uint8Array[] = [Buffer.from([0xa3, 1])];
  const zeros = packed(createDeflateRaw(), repeated('\0', 200 * mebibyte));
  for await (const chunk of zeros) chunks.push(chunk);
  const key = await makeSigningKey();
  return await verifySignature(digest, Buffer.concat(chunks).subarray(0, mebibyte), {
    armored: [key.publicKey],
  });
}

/** Lines below a sound header; the gzip file has two members. */
async function linesBomb(sound: Uint8Array, line: string, size: number): Promise<Uint8Array> {
  const chunk = Buffer.from(line.repeat(Math.floor(mebibyte / line.length)));
  const chunks: Uint8Array[] = [sound];
  const lines = packed(createGzip(), Array<Buffer>(size).fill(chunk));
  for await (const bytes of lines) chunks.push(bytes);
  return Buffer.concat(chunks);
}

const head = 'kind: ImageSetConfiguration\nmirror:\n  additionalImages:\n';
const lint = (text: string) => {
  const { refusal, diagnostics } = loadImageSet({ name: 'a.yaml', text }, 'ImageSetConfiguration');
  if (refusal !== undefined) throw new Error(refusal);
  return diagnostics.length;
};
const json = (text: string) => new TextEncoder().encode(text);
const bundle = '{"schema":"olm.bundle","package":"foo","name":"a","x":';

const bombs: Readonly<Record<string, () => unknown>> = {
  word: () => readCatalog(fileOf(1024 * mebibyte, repeated('a', 1024 * mebibyte))),
  blanks: () => readCatalog(fileOf(1024 * mebibyte, repeated(' ', 1024 * mebibyte))),
  zeros: () =>
    readCatalog(
      packed(createZstdCompress(), fileOf(1024 * mebibyte, repeated('\0', 1024 * mebibyte))),
    ),
  objects: () => readCatalog(documentsLayer(12, [`${bundle}[`, '{},', '{}]}'])),
  texts: () => readCatalog(documentsLayer(10, [`${bundle}"é`, '☃x', '"}'])),
  many: () => readCatalog(documentsLayer(20, [`${bundle}"`, 'x', '"}'])),
  yaml: () => readCatalog(documentsLayer(4, ['---\npackage: foo\nx: [', 'a, ', 'a]\n'])),
  lines: () => readCatalog(documentsLayer(4, ['---\npackage: foo\nx:\n', '- a\n', '\n'])),
  signature: signatureBomb,
  graph: () => parseGraph(json(`{"nodes":[${'{},'.repeat(5 * mebibyte)}{}]}`)),
  manifest: () => parseManifest(json(`{"config":1,"layers":[${'{},'.repeat(mebibyte)}{}]}`)),
  configuration: () => lint(head + '  - name: quay.io/a/b:1\n'.repeat(100_000)),
  images: () => lint(head + '  - name: quay.io/a/b:1\n'.repeat(50_000)),
  state: async () =>
    decodeState(await linesBomb(encodeState(stateOf(placementOf('x'))), '{}\n', 60)),
  'large state': async () =>
    decodeState(await linesBomb(encodeState(stateOf(placementOf('x'))), 'x', 2000)),
  undo: async () => decodeUndo(await linesBomb(encodeUndo([]), '{"repository":[[[[]]]]}\n', 100)),
  flow: () => lint(`${head}  - [${'{},'.repeat(2 * mebibyte)}]`),
};

let outcome = 'read';
try {
  await bombs[process.argv[2] ?? '']?.();
} catch (thrown) {
  outcome = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
rmSync(directory, { recursive: true, force: true });
const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ outcome: outcome.slice(0, 500), peakMebibytes }));
