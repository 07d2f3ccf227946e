import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import { findHelm, loadChart, readChartArchive } from '../../src/helm/index.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { patientClock } from '../support/wire.ts';

/** A program that says a version, and for everything else does what `script` says. */
function program(script: string) {
  const text = `#!/bin/sh\nif [ "$1" = version ]; then echo v9.8.7; exit; fi\n${script}\n`;
  const root = tempDirectory({ 'bin/helm': text });
  const env = { PATH: `${join(root, 'bin')}:/bin:/usr/bin`, SECRET: 'hush', KUBECONFIG: '/etc/k' };
  return { root, options: { env, directory: join(root, 'work'), clock: patientClock() } };
}

async function chart(files: Readonly<Record<string, string>> = {}) {
  const all = { 'Chart.yaml': 'name: app\nversion: 1.0.0\n', ...files };
  const bytes = Object.entries(all).map(([path, text]) => [path, Buffer.from(text)] as const);
  return await loadChart(new Map(bytes), 'app');
}

describe('helm on PATH', () => {
  it('says its version, renders a chart in an empty home, and leaves nothing behind', async () => {
    const { root, options } = program(
      'echo "args: $*"; echo "secret: $SECRET"; echo "home: $HOME"; ls "$HOME"',
    );
    vi.stubEnv('SECRET', 'hush');
    onTestFinished(() => void vi.unstubAllEnvs());
    const helm = await findHelm(options);
    expect(helm?.version).toBe('v9.8.7');
    const output = await helm?.render(await chart(), ['a: 1']);
    expect(output).toMatch(
      /args: template \S+chart\.tgz --include-crds --values \S+values-0\.yaml/,
    );
    expect(output).toContain('secret: \n');
    expect(output).toContain(`home: ${root}/work/render-`);
    expect(readdirSync(join(root, 'work'))).toEqual([]);
  });

  it('finds its files also where the workspace is a relative path', async () => {
    const { root, options } = program('ls "$HOME" "$2"');
    const directory = relative(process.cwd(), join(root, 'work'));
    const helm = await findHelm({ ...options, directory });
    const output = await helm?.render(await chart(), []);
    expect(output).toContain(`${root}/work/render-`);
    expect(output).toContain('chart.tgz');
  });

  it('gets a chart without the dependencies that it lacks and the cluster that it asks for', async () => {
    const { root, options } = program('cp "$2" "$(dirname "$0")/got.tgz"');
    const helm = await findHelm(options);
    const description =
      'name: app\nkubeVersion: ">=1.99"\ndependencies: [{name: gone}, {name: db}]\n';
    const files = { 'Chart.yaml': description, 'charts/db/Chart.yaml': 'name: db\n' };
    await helm?.render(await chart(files), []);
    const got = await readChartArchive(readFileSync(join(root, 'bin/got.tgz')), 'got');
    expect(JSON.parse(Buffer.from(got.get('Chart.yaml') ?? []).toString())).toEqual({
      name: 'app',
      dependencies: [{ name: 'db' }],
    });
    expect([...got.keys()].sort()).toEqual(['Chart.yaml', 'charts/db/Chart.yaml']);
  });

  it.each([
    [
      'fails',
      'echo "WARNING: old" >&2; echo "Error: no" >&2; echo " secretName" >&2; exit 1',
      'Error: no secretName',
    ],
    ['fails without a word', 'exit 3', 'exit code 3'],
    ['is killed', 'kill -9 $$', 'helm was ended by a signal'],
  ])('that %s is quoted in one line', async (_, script, message) => {
    const helm = await findHelm(program(script).options);
    await expect(helm?.render(await chart(), [])).rejects.toMatchObject({
      code: 'CHART_INVALID',
      message,
    });
  });

  it('is ended when its time is over, and when the run is cancelled', async () => {
    const { options } = program('exec sleep 600');
    const slow = await findHelm({ ...options, clock: { sleep: async () => {} } });
    expect(slow).toBeUndefined();
    const { sleep } = patientClock();
    const sleeps = [sleep, async () => {}];
    const clock = {
      sleep: async (ms: number, signal?: AbortSignal) => sleeps.shift()?.(ms, signal),
    };
    const helm = await findHelm({ ...options, clock });
    await expect(helm?.render(await chart(), [])).rejects.toThrow('helm was ended after 120 s');
    const controller = new AbortController();
    const other = await findHelm({ ...options, signal: controller.signal });
    controller.abort(new CancelledError());
    await expect(other?.render(await chart(), [])).rejects.toThrow('The run was cancelled.');
  });

  it('is not there when PATH has none, or one that says no version', async () => {
    const { options } = program('');
    expect(await findHelm({ ...options, env: { PATH: '/nowhere' } })).toBeUndefined();
    const odd = tempDirectory({ helm: '#!/bin/sh\necho "I am an editor"\n' });
    const env = { PATH: `${odd}:/bin:/usr/bin` };
    expect(await findHelm({ ...options, env })).toBeUndefined();
  });
});
