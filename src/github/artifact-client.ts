import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import { asObject, type JsonObject } from '../base/index.ts';
import type { HttpSendOptions, Registries } from '../registry/index.ts';
import { asCount, optionalText } from './json.ts';
import { type ApiWorld, openService } from './rest-api.ts';

/** The service that runners name in `ACTIONS_RESULTS_URL`. @see actions/toolkit, `packages/artifact` */
const route = '/twirp/github.actions.results.api.v1.ArtifactService';

/** Bytes of one block of an upload; hosts in closed networks often have a proxy that bounds a request. */
const blockBytes = 4 * 1024 * 1024;

/** Bytes of an answer; each has a handful of short fields. */
const maxAnswerBytes = 1024 * 1024;

/** Files to upload as one artifact, under the paths they have below `root`. */
export interface PlainUpload {
  readonly name: string;
  readonly root: string;
  readonly files: readonly string[];
}

/** Gives the scopes of a token; none for that of an older server, which is no JSON Web Token. */
function scopesOf(token: string): string {
  const [, payload = ''] = token.split('.');
  try {
    const claims = asObject(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return optionalText(claims['scp']) ?? '';
  } catch {
    return '';
  }
}

/** Reads the run and the job that the token of the runner is for. */
function backendIds(token: string): JsonObject {
  const [, run, job] =
    /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(scopesOf(token)) ?? [];
  if (run !== undefined && job !== undefined)
    return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
  throw new Error(
    'The token of the runner names no run: this server is older than artifacts of version 4',
  );
}

/** Cuts a stream into blocks of one size; the last may be shorter. */
async function* blocksOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.byteLength;
    if (size < blockBytes) continue;
    const all = Buffer.concat(held);
    let at = 0;
    for (; size - at >= blockBytes; at += blockBytes) yield all.subarray(at, at + blockBytes);
    held = [all.subarray(at)];
    size -= at;
  }
  if (size > 0) yield Buffer.concat(held);
}

function saidIn(body: Uint8Array): string {
  const said = optionalText(readAnswer(body)['msg']);
  return said ? `: ${said}` : '';
}

function readAnswer(body: Uint8Array): JsonObject {
  try {
    return asObject(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return {};
  }
}

interface Uploads {
  /** Begins the names of blocks: Gitea keeps the blocks of all artifacts of a run together. */
  readonly prefix: string;
  /** Asks the artifact service and gives its answer. */
  call(question: string, fields: JsonObject): Promise<JsonObject>;
  /** Sends a part of the upload. */
  put(url: string, body: Uint8Array): Promise<void>;
}

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function openUploads(name: string, { env }: ApiWorld, service: Registries): Uploads {
  const { ACTIONS_RESULTS_URL: results = '', ACTIONS_RUNTIME_TOKEN: token = '' } = env;
  const ids = backendIds(token);
  const send = async (what: string, url: string, request: HttpSendOptions) => {
    const answer = await service.send(url, { ...request, maxBytes: maxAnswerBytes });
    if (answer.status >= 200 && answer.status <= 299) return answer.body;
    throw new Error(`${what} was answered ${answer.status}${saidIn(answer.body)}`);
  };
  return {
    prefix: createHash('sha256').update(name).digest('hex').slice(0, 32),
    async call(question, fields) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const body = toBytes(JSON.stringify({ ...ids, name, ...fields }));
      const url = new URL(`${route}/${question}`, results).href;
      return readAnswer(await send(question, url, { method: 'POST', headers, body }));
    },
    async put(url, body) {
      // The address is signed, and may lead to another host: it gets no token.
      const headers = { 'content-type': 'application/octet-stream' };
      await send('A part of the upload', url, { method: 'PUT', headers, body });
    },
  };
}

/** Reads where the upload goes. The address is signed, so that no message shows it. */
function placeOf({ signed_upload_url, signedUploadUrl }: JsonObject, { env }: ApiWorld): string {
  const text = optionalText(signed_upload_url ?? signedUploadUrl) ?? '';
  const place = text === '' ? null : URL.parse(text, env['ACTIONS_RESULTS_URL']);
  if (place === null || !/^https?:$/.test(place.protocol))
    throw new Error('CreateArtifact names no place for the upload');
  return `${place.href}${place.search === '' ? '?' : '&'}`;
}

/** Sends a stream in blocks, one after the other because act appends them as they come, and then their order. */
async function putBlocks({ put, prefix }: Uploads, place: string, stream: AsyncIterable<Buffer>) {
  const [hash, blocks] = [createHash('sha256'), [] as string[]];
  let size = 0;
  for await (const body of blocksOf(stream)) {
    const number = String(blocks.length).padStart(6, '0');
    const id = Buffer.from(`${prefix}-${number}`).toString('base64');
    await put(`${place}comp=block&blockid=${encodeURIComponent(id)}`, body);
    hash.update(body);
    size += body.byteLength;
    blocks.push(id);
  }
  const order = blocks.map((id) => `<Latest>${id}</Latest>`).join('');
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${order}</BlockList>`;
  await put(`${place}comp=blocklist`, toBytes(list));
  return { size, hash: `sha256:${hash.digest('hex')}` };
}

/** The time of each entry: the same files give the same archive. */
const mtime = new Date(1980, 0, 1);

/** Packs files into a zip archive while it is read. Archives of images are stored as they are, because they are compressed. */
function zipOf({ root, files }: PlainUpload): AsyncIterable<Buffer> {
  const [zip, bytes] = [new ZipFile(), new PassThrough()];
  zip.on('error', (error: Error) => bytes.destroy(error));
  for (const path of files) {
    const name = relative(root, path).replaceAll(sep, '/');
    zip.addFile(path, name, { mtime, forceDosTimestamp: true, compress: !path.endsWith('.tar') });
  }
  zip.end();
  zip.outputStream.pipe(bytes);
  return bytes;
}

/**
 * Uploads an artifact of version 4 by plain requests, for hosts that GitHub's own client refuses, and gives its id.
 * @throws Error when the host refuses a request, or the token of the runner names no run
 */
export async function uploadPlainly(
  world: ApiWorld,
  upload: PlainUpload,
): Promise<number | undefined> {
  const service = openService(world);
  try {
    const uploads = openUploads(upload.name, world, service);
    const created = await uploads.call('CreateArtifact', { version: 4 });
    const place = placeOf(created, world);
    const { size, hash } = await putBlocks(uploads, place, zipOf(upload));
    const finished = await uploads.call('FinalizeArtifact', { size: String(size), hash });
    if (finished['ok'] !== true) throw new Error('FinalizeArtifact was answered, and not with ok');
    return asCount(Number(finished['artifact_id'] ?? finished['artifactId']));
  } finally {
    await service.close();
  }
}
