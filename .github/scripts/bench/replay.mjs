// The raw loop: sends recorded writes again, as fast as the registry answers: node replay.mjs <file> <host:port>
//
// Nothing is read, checked or kept. As many are in flight as the recorded run had at most, and a request waits only for
// those that made what it names: an upload session, a blob, a manifest.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import pLimit from 'p-limit';

const [, , file, host] = process.argv;
const { writes, mostInFlight } = JSON.parse(readFileSync(file, 'utf8'));
const agent = new Agent({ keepAlive: true, maxSockets: mostInFlight });
const sessionPattern = /\/blobs\/uploads\/[0-9a-f-]+/;
const digestPattern = /sha256(?::|%3A)[0-9a-f]{64}/gi;

const plain = (text) => text.replaceAll('%3A', ':').replaceAll('%3a', ':');

/** What a request makes: a session, or content by digest. */
function madeBy({ method, url, location, content }) {
  if (method === 'POST') return sessionPattern.exec(location ?? '')?.[0];
  if (method !== 'PUT') return undefined;
  if (url.includes('/manifests/'))
    return `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return plain(url).match(digestPattern)?.[0];
}

/** What has to be there before: the session of an upload, and every digest that a manifest or a path names. */
function namedBy({ method, url, content }) {
  const session = sessionPattern.exec(url)?.[0];
  const isManifest = method === 'PUT' && url.includes('/manifests/');
  const text = isManifest ? content.toString('utf8') : method === 'DELETE' ? plain(url) : '';
  return [...(session ? [session] : []), ...(text.match(digestPattern) ?? [])];
}

function send(method, path, { type, content }) {
  const headers = { 'content-length': content.length, ...(type && { 'content-type': type }) };
  return new Promise((resolve, reject) => {
    const sent = request(`http://${host}${path}`, { method, headers, agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer));
    });
    sent.once('error', reject).end(content);
  });
}

/** Where an upload goes on: the session that this run was given in place of the recorded one. */
function pathNow(url, session) {
  if (session === undefined || !sessionPattern.test(url)) return url;
  const now = new URL(session, `http://${host}`);
  const digest = new URL(url, `http://${host}`).searchParams.get('digest');
  if (digest) now.searchParams.set('digest', digest);
  return now.pathname + now.search;
}

const limit = pLimit(mostInFlight);
const made = new Map();
const unexpected = [];

async function repeat(one, needs) {
  const before = await Promise.all(needs);
  const session = before.find((location) => location !== undefined);
  const answer = await limit(() => send(one.method, pathNow(one.url, session), one));
  if (answer.statusCode !== one.status) {
    unexpected.push(`${one.method} ${one.url}: ${answer.statusCode}, not ${one.status}`);
  }
  // Only these answers say where an upload goes on.
  return one.method === 'POST' || one.method === 'PATCH' ? answer.headers.location : undefined;
}

const answers = writes.map((recorded) => {
  const one = { ...recorded, content: Buffer.from(recorded.body ?? '', 'base64') };
  const answer = repeat(
    one,
    namedBy(one).map((name) => made.get(name)),
  );
  const makes = madeBy(one) ?? sessionPattern.exec(one.method === 'PATCH' ? one.url : '')?.[0];
  if (makes !== undefined) made.set(makes, answer);
  return answer;
});
await Promise.all(answers);
if (unexpected.length > 0) {
  const [first] = unexpected;
  throw new Error(`${unexpected.length} of ${writes.length} requests went otherwise, as ${first}`);
}
