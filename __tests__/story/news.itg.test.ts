import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/fake-registry/index.ts';
import { verify } from '../../src/run/index.ts';
import { change, channelConfig, makeLab } from '../support/lab.ts';

describe('a look at sources that stay silent', () => {
  it('waits ten seconds once for each, whatever the number of its entries', async () => {
    const lab = await makeLab();
    const file = channelConfig('4.16.5', '4.16.5');
    await lab.apply(change(undefined, [file]));
    const asked: string[] = [];
    const server = createServer((request) => void asked.push(request.url ?? ''));
    const { host, close } = await listen(server);
    onTestFinished(close);
    const files = ['4.16', '4.17', '4.18', '4.19'].map((minor) => ({
      text: file.text.replace('stable-4.16', `stable-${minor}`),
      name: `${minor}.yaml`,
    }));
    const env = { UPDATE_URL_OVERRIDE: `http://${host}/graph` };
    const started = performance.now();
    const { done, notes } = await verify(lab.settings({ env, parallel: 2 }), () => {}, { files });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect({ done, asked: asked.length }).toEqual({ done: 8, asked: 2 });
    expect(notes.join()).toMatch(/stable-4.18.* is unknown: .* did not answer in time/);
  });
});
