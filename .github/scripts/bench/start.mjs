// The start of a process: the code that every run loads, and the time until it says something.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const dist = resolve(import.meta.dirname, '../../../dist');
const runs = 15;

/** Gives the seconds until a program writes the first byte. */
async function secondsToFirstOutput(entry, words, env) {
  const started = performance.now();
  const options = { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] };
  const child = spawn(process.execPath, [join(dist, entry), ...words], options);
  await once(child.stdout, 'data');
  const seconds = (performance.now() - started) / 1000;
  child.stdout.resume();
  await once(child, 'close');
  return seconds;
}

async function medianOf(measure) {
  const seconds = [];
  // The first run fills the caches of the disk and of compiled code.
  for (let run = 0; run <= runs; run += 1) seconds.push(await measure());
  return seconds.slice(1).sort((one, other) => one - other)[(runs - 1) / 2];
}

const rows = [
  {
    name: 'main chunk of the action',
    unit: 'MB',
    atMost: 2.5,
    measure: async () => statSync(join(dist, 'main.js')).size / 1e6,
  },
  {
    name: 'first output of the action',
    unit: 's',
    atMost: 0.25,
    // The action hides its secrets first, and then says that no target is given.
    measure: () =>
      medianOf(() => secondsToFirstOutput('index.js', [], { INPUT_PASSWORD: 'hidden' })),
  },
  {
    name: '--help, compiled before',
    unit: 's',
    atMost: 0.15,
    measure: () => medianOf(() => secondsToFirstOutput('cli/index.js', ['--help'], {})),
  },
];

/** Measures the bundles; gives a line for each row with its target and its ratio to that. */
export async function renderStart() {
  if (!existsSync(join(dist, 'main.js')))
    return ['dist/ is not built, so its start is not measured.'];
  const lines = [];
  for (const { name, unit, atMost, measure } of rows) {
    const value = await measure();
    const verdict = value <= atMost ? 'met' : 'NOT MET';
    const ratio = (value / atMost).toFixed(2);
    lines.push(
      `  ${name.padEnd(30)}${value.toFixed(2)} ${unit}, at most ${atMost} ${unit}: ${verdict} (${ratio})`,
    );
  }
  return lines;
}
