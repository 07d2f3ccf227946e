import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listen } from '../../src/fake-registry/index.ts';
import { openHost, type Runner } from '../../src/github/actions-host.ts';
import { stillClock } from '../support/fake-host.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { testTls } from '../support/tls.ts';
import { fakeClock } from '../support/wire.ts';

function open(env: Record<string, string>, world: Partial<Runner> = {}) {
  return openHost({ env, clock: stillClock, version: '1.2.3', ...world });
}

/** An answer of the REST interface below, or what a proxy says in its place. */
interface Said {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** A REST interface that gives answers in turn, the last for ever; gives its address and what it was asked. */
async function serve(...answers: Said[]) {
  const asked: { method: string; url: string; authorization: string; body: string }[] = [];
  const read = async (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const { authorization = '' } = headers;
    const said = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({ method, url, authorization, body: await read(request) });
    response.writeHead(said?.status ?? 500, said?.headers).end(said?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, root: `${address}/api/v3`, asked };
}

const inputs = { GITHUB_REPOSITORY: 'team/mirror', 'INPUT_GITHUB-TOKEN': 'ghs_1' };

describe('openHost', () => {
  it('asks the REST interface of its own server, with the token of the input', async () => {
    const { root, asked } = await serve({ status: 201, body: '{"id": 7}' });
    const host = await open({ GITHUB_API_URL: root, ...inputs });
    const answer = await host.api?.({ method: 'POST', path: '/repos/x', body: { body: 'text' } });
    expect(answer).toEqual({ status: 201, body: { id: 7 } });
    expect(asked).toEqual([
      {
        method: 'POST',
        url: '/api/v3/repos/x',
        authorization: 'Bearer ghs_1',
        body: '{"body":"text"}',
      },
    ]);
  });

  it('gives the status of an answer that is no JSON, as a proxy sends it', async () => {
    const { root } = await serve({ status: 403, body: '<html>denied</html>' });
    const host = await open({ GITHUB_API_URL: root, ...inputs });
    const answer = await host.api?.({ method: 'GET', path: '/repos/x' });
    expect(answer).toEqual({ status: 403, body: undefined });
  });

  it.each(['GET', 'POST'] as const)(
    'repeats a %s that came too early, when it may',
    async (method) => {
      const early = { status: 429, headers: { 'retry-after': '7' } };
      const { root, asked } = await serve(early, { status: 200, body: '[]' });
      const clock = fakeClock();
      const host = await open({ GITHUB_API_URL: root, ...inputs }, { clock });
      expect(await host.api?.({ method, path: '/repos/x' })).toEqual({ status: 200, body: [] });
      expect(asked).toHaveLength(2);
      expect(clock.slept).toEqual([7_000]);
    },
  );

  it('repeats a question twice after a failure that may pass', async () => {
    const { root, asked } = await serve({ status: 502 });
    const host = await open({ GITHUB_API_URL: root, ...inputs }, { clock: fakeClock() });
    const answer = await host.api?.({ method: 'GET', path: '/repos/x' });
    expect(answer).toEqual({ status: 502, body: undefined });
    expect(asked).toHaveLength(3);
  });

  it('never repeats a comment that may have been written', async () => {
    const { root, asked } = await serve({ status: 502, body: '{"message": "no"}' });
    const host = await open({ GITHUB_API_URL: root, ...inputs });
    const answer = await host.api?.({ method: 'POST', path: '/repos/x', body: {} });
    expect(answer).toEqual({ status: 502, body: { message: 'no' } });
    expect(asked).toHaveLength(1);
  });

  it('reaches the REST interface through the proxy of the environment', async () => {
    const { address, asked } = await serve({ status: 200, body: '{}' });
    const root = 'http://github.internal.example.com/api/v3';
    const host = await open({ GITHUB_API_URL: root, http_proxy: address, ...inputs });
    await host.api?.({ method: 'GET', path: '/user' });
    expect(asked).toMatchObject([{ url: `${root}/user`, authorization: 'Bearer ghs_1' }]);
  });

  it('trusts the authorities of the input for the server too', async () => {
    const tls = { cert: testTls.certificate, key: testTls.key };
    const server = createTlsServer(tls, (_, response) => void response.end('{"login": "me"}'));
    const { host: address, close } = await listen(server);
    onTestFinished(close);
    const root = `https://${address.replace('127.0.0.1', '0.0.0.0')}/api/v1`;
    const ask = async (more: Record<string, string>) =>
      (await open({ GITHUB_API_URL: root, ...inputs, ...more }, { clock: fakeClock() })).api?.({
        method: 'GET',
        path: '/user',
      });
    expect(await ask({ 'INPUT_CA-BUNDLE': testTls.ca })).toMatchObject({ body: { login: 'me' } });
    await expect(ask({})).rejects.toThrow();
  });

  it('has no REST interface without a token', async () => {
    const host = await open({ GITHUB_API_URL: 'http://h', GITHUB_REPOSITORY: 'team/mirror' });
    expect(host.api).toBeUndefined();
  });

  it.each([
    ['https://github.com', true],
    ['https://team.ghe.com', true],
    ['https://github.internal.example.com', false],
    ['https://notgithub.com', false],
  ])('on %s, artifacts of version 4 are there: %s', async (server, expected) => {
    const host = await open({
      GITHUB_SERVER_URL: server,
      ACTIONS_RUNTIME_TOKEN: 'token',
      ACTIONS_RESULTS_URL: 'http://results',
    });
    expect(host.artifacts !== undefined).toBe(expected);
  });

  it('has no artifacts where the runner names no service', async () => {
    expect((await open({ GITHUB_SERVER_URL: 'https://github.com' })).artifacts).toBeUndefined();
  });

  it.each([
    [{ ACTIONS_CACHE_URL: 'http://cache' }, true],
    [{ ACTIONS_RESULTS_URL: 'http://results' }, false],
    [{ ACTIONS_RESULTS_URL: 'http://results', ACTIONS_CACHE_SERVICE_V2: 'true' }, true],
    [
      {
        ACTIONS_RESULTS_URL: 'http://results',
        ACTIONS_CACHE_SERVICE_V2: 'true',
        GITHUB_SERVER_URL: 'https://github.internal.example.com',
      },
      false,
    ],
  ])('with %j, the cache service is there: %s', async (env, expected) => {
    expect((await open(env)).cache !== undefined).toBe(expected);
  });

  it('speaks to the runner in commands of the log', async () => {
    const log: string[] = [];
    const host = await open({});
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      log.push(String(text));
      return true;
    });
    onTestFinished(() => void stdout.mockRestore());
    vi.stubEnv('GITHUB_OUTPUT', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    host.print('mirror 1 of 2');
    host.debug('100%\nof it');
    host.mask('secret');
    host.startGroup('delete (3)');
    host.endGroup();
    const at = { file: 'a,b:c.yaml', line: 3, column: 5 };
    host.annotate({ severity: 'warning', title: 'no-tag', message: 'a: b', at });
    host.annotate({ severity: 'error', title: 'denied', message: '' });
    host.setOutput('outcome', 'nothing');
    expect(log.join('').split('\n')).toEqual([
      'mirror 1 of 2',
      '::debug::100%25%0Aof it',
      '::add-mask::secret',
      '::group::delete (3)',
      '::endgroup::',
      '::warning title=no-tag,file=a%2Cb%3Ac.yaml,line=3,col=5::a: b',
      '::error title=denied::',
      '',
      '::set-output name=outcome::nothing',
      '',
    ]);
  });

  it('sets outputs in the file of the runner, of any number of lines', async () => {
    const path = join(tempDirectory({ output: '' }), 'output');
    vi.stubEnv('GITHUB_OUTPUT', path);
    onTestFinished(() => void vi.unstubAllEnvs());
    const host = await open({});
    host.setOutput('outcome', 'nothing');
    host.setOutput('plan-digest', 'one\ntwo=2\n');
    const [first = '', second = ''] = readFileSync(path, 'utf8').split(/(?=^plan-digest<<)/m);
    expect(first).toMatch(/^outcome<<([\w-]{20,})\nnothing\n\1\n$/);
    expect(second).toMatch(/^plan-digest<<([\w-]{20,})\none\ntwo=2\n\n\1\n$/);
  });

  it('appends to the job summary, and does without one', async () => {
    const directory = tempDirectory({ summary: 'before\n' });
    const path = join(directory, 'summary');
    await (await open({ GITHUB_STEP_SUMMARY: path })).summarize('after\n');
    await (await open({})).summarize('nowhere\n');
    expect(readFileSync(path, 'utf8')).toBe('before\nafter\n');
  });

  it.each(['{"before": "x"}', 'no JSON', ''])(
    'reads the event file %j without complaint',
    async (text) => {
      const directory = tempDirectory({ 'event.json': text, summary: '' });
      const host = await open({
        GITHUB_EVENT_PATH: join(directory, 'event.json'),
        GITHUB_STEP_SUMMARY: join(directory, 'summary'),
      });
      expect(host.payload).toEqual(text.startsWith('{') ? { before: 'x' } : undefined);
      expect(host.gaps).toMatchObject(text.startsWith('{') ? [] : [{ code: 'no-event' }]);
    },
  );
});
