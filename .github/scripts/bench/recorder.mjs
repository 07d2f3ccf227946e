// A forwarder that knows HTTP and notes what is written: node recorder.mjs '{"listen":5000,"to":5001,"file":"x.json"}'
//
// It is for a run that is not timed; what it noted can be sent again by replay.mjs. On SIGTERM it writes the file and ends.
import { writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';

const { listen, to, file } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true });
const noted = [];
let reads = 0;
let inFlight = 0;
let mostInFlight = 0;

function isWrite(method) {
  return method !== 'GET' && method !== 'HEAD';
}

/** Takes a request down; reads are only counted. */
function note({ method, url, headers }) {
  if (!isWrite(method)) {
    reads += 1;
    return undefined;
  }
  const one = { method, url, type: headers['content-type'] };
  inFlight += 1;
  mostInFlight = Math.max(mostInFlight, inFlight);
  noted.push(one);
  return one;
}

function pass(incoming, outgoing) {
  const { method, url, headers } = incoming;
  const one = note(incoming);
  const body = [];
  const onward = request({ port: to, host: '127.0.0.1', method, path: url, headers, agent });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
    if (!one) return;
    inFlight -= 1;
    one.status = answer.statusCode;
    one.location = answer.headers.location;
    one.body = Buffer.concat(body).toString('base64');
  });
  onward.on('error', () => outgoing.destroy());
  incoming.on('data', (chunk) => one && body.push(chunk));
  incoming.pipe(onward);
}

createServer(pass).listen(listen, '127.0.0.1');
process.on('SIGTERM', () => {
  writeFileSync(file, JSON.stringify({ reads, mostInFlight, writes: noted }));
  process.exit(0);
});
