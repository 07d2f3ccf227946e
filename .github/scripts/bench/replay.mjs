// The raw loop: sends recorded requests again, as fast as the registry answers: node replay.mjs FILE HOST:PORT all|writes
//
// Nothing is looked at, decided or kept. A request is sent as soon as so many answers are there as were there when it was
// recorded, so that as many are in flight; and no earlier than what it names (an upload, a blob, a manifest) was made.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

const [, , file, host, which] = process.argv;
const agent = new Agent({ keepAlive: true });
const sessionPattern = /\/blobs\/uploads\/[0-9a-f-]+/;
const digestPattern = /sha256(?::|%3A)[0-9a-f]{64}/gi;

const plain = (text) => text.replaceAll(/%3A/gi, ':');
const isRead = ({ method }) => method === 'GET' || method === 'HEAD';
const isPush = ({ method, url }) => method === 'PUT' && url.includes('/manifests/');
const sessionOf = (text) => sessionPattern.exec(text ?? '')?.[0];

/** What a request makes: an upload, or content by digest. */
function madeBy(one) {
  const { method, url, location, content } = one;
  if (isPush(one)) return `sha256:${createHash('sha256').update(content).digest('hex')}`;
  if (method === 'POST') return sessionOf(location);
  if (method === 'PATCH') return sessionOf(url);
  return method === 'PUT' ? plain(url).match(digestPattern)?.[0] : undefined;
}

/** What has to be there before: the upload that is gone on with, and every digest that is named. */
function namedBy(one) {
  const session = sessionOf(one.url);
  if (session !== undefined) return [session];
  if (isPush(one)) return one.content.toString('utf8').match(digestPattern) ?? [];
  return plain(one.url).match(digestPattern) ?? [];
}

function send({ method, headers, content }, path) {
  const given = Object.entries({ ...headers, 'content-length': content.length });
  const known = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const sent = request(`http://${host}${path}`, { method, headers: known, agent }, (answer) => {
      answer.resume().once('end', () => resolve(answer));
    });
    sent.once('error', reject).end(content);
  });
}

/** Where an upload goes on: at what this run was given, in place of what the recorded one was. */
function pathNow(url, location) {
  if (location === undefined || sessionOf(url) === undefined) return url;
  const now = new URL(location, `http://${host}`);
  const digest = new URL(url, `http://${host}`).searchParams.get('digest');
  if (digest) now.searchParams.set('digest', digest);
  return now.pathname + now.search;
}

const recorded = JSON.parse(readFileSync(file, 'utf8')).filter(
  (one) => which !== 'writes' || !isRead(one),
);
const made = new Map();
const unexpected = [];
const answers = [];
let answered = 0;
let wake = () => {};

async function repeat(one) {
  const before = await Promise.all(namedBy(one).map((name) => made.get(name)));
  const location = before.find((known) => known !== undefined);
  const answer = await send(one, pathNow(one.url, location));
  if (!isRead(one) && answer.statusCode !== one.status) {
    unexpected.push(`${one.method} ${one.url}: ${answer.statusCode}, not ${one.status}`);
  }
  answered += 1;
  wake();
  // Only these answers say where an upload goes on.
  return ['POST', 'PATCH'].includes(one.method) ? answer.headers.location : undefined;
}

for (const { body, ...rest } of recorded) {
  const one = { ...rest, content: Buffer.from(body ?? '', 'base64') };
  const enough = recorded.filter((other) => other.answered < one.sent).length;
  while (answered < enough) {
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
  const answer = repeat(one);
  const makes = madeBy(one);
  if (makes !== undefined) made.set(makes, answer);
  answers.push(answer);
}
await Promise.all(answers);
// Registries answer 500 now and then when tags are written and deleted at once; more than that is another run.
if (unexpected.length > recorded.length / 50) {
  const [first] = unexpected;
  throw new Error(
    `${unexpected.length} of ${recorded.length} requests went otherwise, as ${first}`,
  );
}
