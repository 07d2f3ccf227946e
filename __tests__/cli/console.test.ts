import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/apply/index.ts';
import { formatLive } from '../../src/cli/progress.ts';
import { outcomeLine } from '../../src/cli/words.ts';
import { ConfigError } from '../../src/errors.ts';
import type { Listener } from '../../src/run/index.ts';
import { change, createWorld, goodReport, imageSetText, type WorldChanges } from './world.ts';

const csi = '\u001b[';

/** Runs a mirror that logs one line of each level and tells of one copied image. */
async function logs(changes: WorldChanges, ...flags: string[]) {
  using world = createWorld({
    ...changes,
    jobs: {
      async mirror(settings, _request, listener: Listener) {
        for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
          settings.log.log(level, `a line of ${level}`);
        }
        listener({ type: 'phase', phase: 'mirror', total: 2 });
        listener({ type: 'progress', done: 1, total: 2, bytes: 5_000_000 });
        const outcome = {
          change: change('mirror', 'cli'),
          result: 'done',
          ms: 5,
          bytes: 10,
        } as const;
        listener({ type: 'outcome', outcome, index: 0, total: 2 });
        return goodReport;
      },
      ...changes.jobs,
    },
  });
  const ran = await world.run(
    ...['-c', world.write('isc.yaml', imageSetText), '--workspace', `file://${world.directory}`],
    ...flags,
    'docker://reg',
  );
  const [file = ''] = world.list('working-dir/logs');
  const log = world.read(`working-dir/logs/${file}`);
  const levels = (text: string) => [...text.matchAll(/a line of (\w+)/g)].map(([, level]) => level);
  return { ...ran, log, shown: levels(ran.out), logged: levels(log) };
}

describe('the log', () => {
  it.each([
    ['info', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['trace', ['trace', 'debug', 'info', 'warn', 'error']],
    ['error', ['error']],
  ])('at level %s shows %j', async (level, levels) => {
    const { shown, logged } = await logs({}, `--log-level=${level}`);
    expect(shown).toEqual(levels);
    expect(logged).toEqual(levels);
  });

  it('is quiet on the screen and complete in the file when told to be quiet', async () => {
    const { out, shown, logged, log } = await logs({}, '--quiet');
    expect(shown).toEqual(['warn', 'error']);
    expect(logged).toEqual(['info', 'warn', 'error']);
    expect(out).not.toContain('Success copying');
    expect(out).toContain('=== Results ===');
    expect(log).toContain('Success copying');
  });

  it('has colours on a terminal only, and never in the file', async () => {
    const { out, log } = await logs({ isTerminal: true });
    expect(out).toContain(`${csi}33m [WARN]  ${csi}0m : a line of warn`);
    expect(log).not.toContain(csi);
    expect((await logs({})).out).not.toContain(csi);
  });

  it('honours NO_COLOR', async () => {
    const { out } = await logs({ isTerminal: true, env: { NO_COLOR: '1' } });
    expect(out).toContain(' [WARN]   : a line of warn');
    expect(out).not.toContain(`${csi}33m`);
  });

  it('does not let a name from outside steer the terminal', async () => {
    const { out } = await logs({
      jobs: {
        mirror: async (settings) => {
          settings.log.log('warn', `bad ${csi}2J name\r`);
          return goodReport;
        },
      },
    });
    expect(out).toContain('bad \ufffd[2J name\ufffd');
  });

  it('goes on without a file that cannot be written, and says so', async () => {
    using world = createWorld({ jobs: { mirror: async () => goodReport } });
    const config = world.write('isc.yaml', imageSetText);
    mkdirSync(`${world.directory}/working-dir`);
    world.write('working-dir/logs', 'a file where a directory should be');
    const { code, out } = await world.run(
      ...['-c', config, '--workspace', `file://${world.directory}`, 'docker://reg'],
    );
    expect(code).toBe(0);
    expect(out.match(/No log file is written/g)).toHaveLength(1);
  });
});

describe('progress', () => {
  it('is one timed line per image where nobody watches', async () => {
    const { out } = await logs({});
    expect(out).toContain('1 / 2  Success copying quay.io/ocp/art:cli ➡️ reg/  10 B  5ms');
    expect(out).not.toContain('\r');
  });

  it('is a live line on a terminal, replaced and taken away in the end', async () => {
    const { out } = await logs({ isTerminal: true, tickMs: 1000 });
    expect(out).toContain(`\r${csi}Kmirror [############------------] 1 / 2  5.0 MB`);
    expect(out).not.toContain('Success copying');
    const last = out.lastIndexOf('mirror [###');
    expect(out.slice(last)).toContain(`\r${csi}K`);
  });
});

describe('a line of one image', () => {
  const image = change('mirror', 'v1');
  const gone = change('delete', 'v1');

  it.each<[string, Outcome]>([
    ['was skipped', { change: image, result: 'skipped', detail: 'cancelled' }],
    ['was kept back', { change: gone, result: 'held', detail: 'cannot' }],
    ['was gone already', { change: gone, result: 'done', ms: 1, bytes: 0, wasGone: true }],
    ['failed', { change: gone, result: 'failed', code: 'X', message: 'no' }],
  ])('tells of no success when it %s', (_, outcome) => {
    expect(outcomeLine(outcome, 'reg')).not.toContain('Success');
  });
});

describe('on a runner', () => {
  const hostile = 'x\n::set-output name=a::b\r  ::warning::c\n##[error]d';

  async function say(env: Record<string, string>) {
    const plan = async () => {
      throw new ConfigError('INPUT_INVALID', hostile);
    };
    using world = createWorld({ env, jobs: { plan } });
    const config = world.write('isc.yaml', '');
    const workspace = `file://${world.directory}`;
    return await world.run('plan', '-c', config, '--workspace', workspace, 'docker://reg');
  }

  it('no name from outside becomes a command', async () => {
    const { out, err } = await say({ GITHUB_ACTIONS: 'true' });
    expect(out + err).toContain('set-output name=a');
    expect(out + err).not.toMatch(/^\s*::/m);
    expect(out + err).not.toContain('##[');
  });

  it('and elsewhere text is shown as it is', async () => {
    const { out, err } = await say({});
    expect(out + err).toContain('\n::set-output name=a::b');
  });
});

describe('a live line', () => {
  const facts = {
    verb: 'mirror',
    done: 3,
    total: 12,
    bytes: 30_000_000,
    elapsedMs: 3000,
    columns: 200,
  };

  it('tells bytes, rate and time left', () => {
    expect(formatLive(facts)).toBe(
      'mirror [######------------------] 3 / 12  30.0 MB  10.0 MB/s  9s left',
    );
  });

  it('has no rate before time has passed, and no time left at either end', () => {
    expect(formatLive({ ...facts, done: 0, bytes: 0, elapsedMs: 0 })).toMatch(/0 \/ 12 {2}0 B$/);
    expect(formatLive({ ...facts, done: 12 })).not.toContain('left');
    expect(formatLive({ ...facts, done: 0, total: 0 })).toContain('0 / 0');
  });

  it('never wraps', () => {
    expect(formatLive({ ...facts, columns: 20 })).toHaveLength(19);
    expect(formatLive({ ...facts, columns: 0 })).toBe('');
  });
});
