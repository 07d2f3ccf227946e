// Runs a command to its end and tells what it took.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const pollMs = 20;
const ticksPerSecond = 100;

/** Reads what the kernel knows of a process; the high-water mark never falls, so the last look is nearly the peak. */
function look(pid) {
  try {
    const [, kilobytes = '0'] =
      /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    const cpu = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    return { megabytes: Number(kilobytes) / 1024, cpu };
  } catch {
    return { megabytes: 0, cpu: 0 };
  }
}

function lastLines(path) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}

/**
 * Runs a command; gives wall seconds of the whole process, its peak memory and its processor seconds (of the process alone,
 * not of children), and `problem` when it failed. Its output goes to a file, as in a job of a CI system.
 */
export async function measure([command, ...words], { env = {}, log, cwd, input = 'ignore' }) {
  const output = openSync(log, 'w');
  const stdin = input === 'ignore' ? input : openSync(input, 'r');
  const started = performance.now();
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: [stdin, output, output],
  });
  let seen = { megabytes: 0, cpu: 0 };
  const timer = setInterval(() => {
    const now = look(child.pid);
    if (now.megabytes > 0) seen = now;
  }, pollMs);
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  closeSync(output);
  if (stdin !== 'ignore') closeSync(stdin);
  const problem = end === 0 ? undefined : `ended with ${end}:\n${lastLines(log)}`;
  return { seconds, ...seen, problem };
}
