import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/apply/index.ts';
import { Console } from '../../src/cli/console.ts';
import { formatBar, formatBlock } from '../../src/cli/live-block.ts';
import { outcomeLine } from '../../src/cli/words.ts';
import { ConfigError } from '../../src/errors.ts';
import type { Listener } from '../../src/run/index.ts';
import { fakeClock } from '../support/wire.ts';
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
    expect(out).toContain(
      '1 / 2  Success copying quay.io/ocp/art:cli ➡️ reg/openshift/release:cli  10 B  5ms',
    );
    expect(out).not.toContain('\r');
  });

  it('is a live block on a terminal, replaced and taken away in the end', async () => {
    const { out } = await logs({ isTerminal: true, tickMs: 1000 });
    expect(out).toContain(`\r${csi}Jmirror [############------------]  5.0 MB  1 / 2 images`);
    expect(out).not.toContain('Success copying');
    const last = out.lastIndexOf('mirror [###');
    expect(out.slice(last)).toContain(`\r${csi}J`);
  });

  it('tells a cause that fails image after image once, with its remedy', async () => {
    const failure = { result: 'failed', code: 'UNAUTHORIZED', message: '401' } as const;
    const { out } = await logs({
      jobs: {
        async mirror(_settings, _request, listener) {
          listener({ type: 'phase', phase: 'mirror', total: 3 });
          for (const [index, tag] of ['a', 'b', 'c'].entries()) {
            const hint = tag === 'c' ? 'Ask.' : 'Renew the credentials.';
            const outcome = { ...failure, change: change('mirror', tag), hint };
            listener({ type: 'outcome', outcome, index, total: 3 });
          }
          return goodReport;
        },
      },
    });
    expect(out).toMatch(/art:a: 401 Renew the credentials\.\n/);
    expect(out).toMatch(/art:b: for the same reason\n/);
    expect(out).toMatch(/art:c: 401 Ask\.\n/);
  });

  it('waits for no bytes that were there already', async () => {
    const { out } = await logs({
      isTerminal: true,
      jobs: {
        async mirror(_settings, _request, listener) {
          const outcome = {
            change: change('mirror', 'a'),
            result: 'done',
            ms: 5,
            bytes: 10,
          } as const;
          listener({ type: 'phase', phase: 'mirror', total: 2, bytes: 200 });
          listener({ type: 'outcome', outcome, index: 0, total: 2 });
          listener({ type: 'progress', done: 1, total: 2, bytes: 10 });
          return goodReport;
        },
      },
    });
    expect(out).toContain('10 B / 110 B');
  });
});

describe('a line of one image', () => {
  it('names the target, and no digest of 64 digits', () => {
    const origin = `quay.io/ocp/art@sha256:${'0123456789ab'.padEnd(64, 'f')}`;
    const image = { ...change('mirror', '4.16.6-cli'), origin };
    const done: Outcome = { change: image, result: 'done', ms: 900, bytes: 18_200_000 };
    expect(outcomeLine(done, 'reg:5000/ns')).toBe(
      'Success copying quay.io/ocp/art@sha256:0123456789ab ➡️ reg:5000/openshift/release:4.16.6-cli  18.2 MB  900ms',
    );
    const failed: Outcome = { change: image, result: 'failed', code: 'X', message: 'no' };
    expect(outcomeLine(failed, 'reg:5000/ns')).toBe(
      'Failed to copy release content quay.io/ocp/art@sha256:0123456789ab: no',
    );
  });

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

describe('the block of a phase', () => {
  const facts = {
    ...{ verb: 'mirror', done: 3, total: 12 },
    ...{ bytes: 30_000_000, totalBytes: 120_000_000, elapsedMs: 3000 },
  };
  const room = { columns: 200, rows: 24 };
  const flying = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      place: `team/app:${index}`,
      size: 5_000_000,
      elapsedMs: index * 1000,
    }));

  it('has a bar by bytes, with total, rate, elapsed and remaining time', () => {
    expect(formatBar(facts, 200)).toBe(
      'mirror [######------------------]  30.0 MB / 120.0 MB  3 / 12 images  10.0 MB/s  3.0 s  9.0 s left',
    );
  });

  it('has a bar by images where no bytes move', () => {
    const verify = { ...facts, verb: 'verify', bytes: 0, totalBytes: 0 };
    expect(formatBar(verify, 200)).toBe(
      'verify [######------------------]  3 / 12 images  3.0 s  9.0 s left',
    );
  });

  it('has no rate before time has passed, and no time left at either end', () => {
    const start = { ...facts, done: 0, bytes: 0, elapsedMs: 0 };
    expect(formatBar(start, 200)).toMatch(/0 B \/ 120\.0 MB {2}0 \/ 12 images {2}0\.0 s$/);
    expect(formatBar({ ...facts, bytes: 120_000_000 }, 200)).not.toContain('left');
    expect(formatBar({ ...facts, done: 0, total: 0, bytes: 0, totalBytes: 0 }, 200)).toContain(
      '0 / 0',
    );
  });

  it('gives up its bar before its numbers where the terminal is narrow', () => {
    expect(formatBar(facts, 84)).toBe(
      'mirror [##-------]  30.0 MB / 120.0 MB  3 / 12 images  10.0 MB/s  3.0 s  9.0 s left',
    );
    expect(formatBar(facts, 70)).toBe(
      'mirror  30.0 MB / 120.0 MB  3 / 12 images  10.0 MB/s  3.0 s  9.0 s left',
    );
  });

  it('lists the images under way below the bar, the longest first', () => {
    expect(formatBlock(facts, flying(2), room).split('\n').slice(1)).toEqual([
      '  team/app:1  5.0 MB  1.0 s',
      '  team/app:0  5.0 MB  0.0 s',
    ]);
    expect(formatBlock(facts, flying(30), room).split('\n')).toHaveLength(1 + 8);
    expect(formatBlock(facts, flying(30), room)).toMatch(/\n {2}and 23 more$/);
  });

  it('is never wider or higher than the terminal', () => {
    const lines = formatBlock(facts, flying(30), { columns: 20, rows: 7 }).split('\n');
    expect(lines.map((line) => line.length)).toEqual([19, 19, 19, 13]);
    expect(formatBlock(facts, flying(3), { columns: 0, rows: 0 })).toBe('');
  });
});

describe('a live block', () => {
  /** A console on a terminal of which the test moves the time and the width. */
  function terminal() {
    const texts: string[] = [];
    const screen = { isTerminal: true, columns: 40, rows: 24, tick: () => {} };
    const stdout = {
      ...{ write: (text: string) => void texts.push(text), isTerminal: true },
      get columns() {
        return screen.columns;
      },
      rows: 24,
      onTick(work: () => void) {
        screen.tick = work;
        return () => {
          screen.tick = () => {};
        };
      },
    };
    const clock = fakeClock();
    const world = {
      clock,
      env: { NO_COLOR: '1' },
      version: '1',
      stdout,
      stderr: stdout,
    };
    const console = new Console(world, { level: 'info', quiet: false });
    return { console, clock, screen, taken: () => texts.splice(0).join('') };
  }

  it('goes on while nothing happens but time, and stands below the log', () => {
    const { console, screen, taken } = terminal();
    let count = 0;
    console.live(() => `bar ${count}\n  image`);
    expect(taken()).toBe('\r\u001b[Jbar 0\n  image');
    screen.tick();
    expect(taken()).toBe('');
    count = 1;
    screen.tick();
    expect(taken()).toBe('\r\u001b[1A\u001b[Jbar 1\n  image');
    console.log('info', 'hello');
    const shown = taken();
    expect(shown.startsWith('\r\u001b[1A\u001b[J2026')).toBe(true);
    expect(shown.endsWith(' : hello\n\r\u001b[Jbar 1\n  image')).toBe(true);
    console.live(undefined);
    expect(taken()).toBe('\r\u001b[1A\u001b[J');
    screen.tick();
    expect(taken()).toBe('');
  });

  it('tells how long a work without numbers goes on, so that a slow source does not look like a dead program', () => {
    const { console, clock, screen, taken } = terminal();
    console.wait('planning');
    expect(taken()).toBe('\r\u001b[Jplanning  0.0 s');
    clock.advance(12_000);
    screen.tick();
    expect(taken()).toBe('\r\u001b[Jplanning  12 s');
    console.live(undefined);
    expect(taken()).toBe('\r\u001b[J');
  });

  it('is taken away whole after the terminal became narrower', () => {
    const { console, screen, taken } = terminal();
    let text = 'x'.repeat(39);
    console.live(() => text);
    taken();
    screen.columns = 10;
    text = 'short';
    screen.tick();
    expect(taken()).toBe('\r\u001b[3A\u001b[Jshort');
  });

  it('obeys no control character of a name', () => {
    const { console, taken } = terminal();
    console.live(() => 'a\u001b[2Jb');
    expect(taken()).toBe('\r\u001b[Ja\ufffd[2Jb');
  });
});
