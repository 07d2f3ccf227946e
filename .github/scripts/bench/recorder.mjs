// A forwarder that knows HTTP and notes every request: node recorder.mjs '{"listen":5000,"to":5001,"file":"x.json"}'
//
// It is for a run that is not timed; what it noted can be sent again by replay.mjs. On SIGTERM it writes the file and ends.
import { writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';

const { listen, to, file } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true });
const noted = [];
let moment = 0;

/** Moments are counted, not timed: they say which answers were there before a request was sent. */
function tick() {
  moment += 1;
  return moment;
}

function pass(incoming, outgoing) {
  const { method, url, headers } = incoming;
  const { accept, 'content-type': type } = headers;
  const one = { method, url, headers: { accept, 'content-type': type }, sent: tick() };
  noted.push(one);
  const body = [];
  const onward = request({ port: to, host: '127.0.0.1', method, path: url, headers, agent });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.pipe(outgoing);
    one.status = answer.statusCode;
    one.location = answer.headers.location;
    one.body = Buffer.concat(body).toString('base64');
    answer.once('end', () => {
      one.answered = tick();
    });
  });
  onward.on('error', () => outgoing.destroy());
  incoming.on('data', (chunk) => body.push(chunk));
  incoming.pipe(onward);
}

createServer(pass).listen(listen, '127.0.0.1');
process.on('SIGTERM', () => {
  writeFileSync(file, JSON.stringify(noted.filter(({ answered }) => answered)));
  process.exit(0);
});
