import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHost } from '../../src/github/actions-host.ts';
import { stillClock } from '../support/fake-host.ts';
import { tempDirectory } from '../support/temp-directory.ts';

function open(env: Record<string, string>) {
  return openHost({ env, clock: stillClock, version: '1.2.3' });
}

/** A REST interface that answers everything with the same text; gives its address and what it was asked. */
async function serve(status: number, body: string) {
  const asked: { method: string; url: string; authorization: string; body: string }[] = [];
  const read = async (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const { authorization = '' } = headers;
    asked.push({ method, url, authorization, body: await read(request) });
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`, asked };
}

describe('openHost', () => {
  it('asks the REST interface of its own server, with the token of the input', async () => {
    const { root, asked } = await serve(201, '{"id": 7}');
    const host = await open({
      GITHUB_API_URL: root,
      GITHUB_REPOSITORY: 'team/mirror',
      'INPUT_GITHUB-TOKEN': 'ghs_1',
    });
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
    const { root } = await serve(403, '<html>denied</html>');
    const host = await open({
      GITHUB_API_URL: root,
      GITHUB_REPOSITORY: 'team/mirror',
      'INPUT_GITHUB-TOKEN': 'ghs_1',
    });
    const answer = await host.api?.({ method: 'GET', path: '/repos/x' });
    expect(answer).toEqual({ status: 403, body: undefined });
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
      const directory = tempDirectory({ 'event.json': text });
      const host = await open({ GITHUB_EVENT_PATH: join(directory, 'event.json') });
      expect(host.payload).toEqual(text.startsWith('{') ? { before: 'x' } : undefined);
      expect(host.gaps).toMatchObject(text.startsWith('{') ? [] : [{ code: 'no-event' }]);
    },
  );
});
