// One image with one blob as large as asked for, made while it is sent.
import { createCipheriv, createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { openUpload, plainSink } from './plain-sink.mjs';

/** Gives bytes that do not compress, made while they are read. */
function* keystream(bytes) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(1 << 20);
  for (let left = bytes; left > 0; left -= zeros.length) {
    yield cipher.update(zeros.subarray(0, Math.min(left, zeros.length)));
  }
}

async function putStream(url, bytes) {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes };
  const put = request(url, { method: 'PUT', headers });
  const answered = new Promise((resolve, reject) =>
    put.once('response', resolve).once('error', reject),
  );
  Readable.from(keystream(bytes), { objectMode: false }).pipe(put);
  const answer = await answered;
  answer.resume();
  if (answer.statusCode !== 201) throw new Error(`PUT of the large blob: ${answer.statusCode}`);
}

/** Puts an image with one layer of this size on the source: `large/image:1`. */
export async function putLargeImage(source, bytes) {
  const hash = createHash('sha256');
  for (const chunk of keystream(bytes)) hash.update(chunk);
  const digest = `sha256:${hash.digest('hex')}`;
  await putStream(await openUpload(source, 'large/image', digest), bytes);
  const configBytes = Buffer.from(
    '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}',
  );
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: `sha256:${createHash('sha256').update(configBytes).digest('hex')}`,
    size: configBytes.length,
  };
  const sink = plainSink(source);
  await sink.putBlob('large/image', { descriptor: config, bytes: () => configBytes });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: bytes };
  const raw = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [layer] });
  await sink.putManifest('large/image', { descriptor: { mediaType }, raw }, '1');
}
