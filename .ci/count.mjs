// Counts what the steps of .ci/run left in a directory: NAME.exit of each that ended, NAME.json of the tests.
// Prints `N passed, N failed, N skipped`; the exit code is 0 when nothing failed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';

const [directory = '.ci/reports'] = argv.slice(2);

function read(name) {
  try {
    return readFileSync(join(directory, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Counts the tests of one reporter's file; one that is absent or cut counts nothing. */
function countTests(name) {
  let report;
  try {
    report = JSON.parse(read(`${name}.json`) ?? '{}');
  } catch {
    report = {};
  }
  const tests = (report.testResults ?? []).flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(({ status }) => status === 'failed').length;
  return { passed, failed, skipped: tests.length - passed - failed };
}

/** A step that did not end well has a failure, also when none of its tests can say so. */
function countStep(name) {
  const count = countTests(name);
  const isBroken = read(`${name}.exit`)?.trim() !== '0' || (isTested(name) && count.passed === 0);
  return isBroken && count.failed === 0 ? { ...count, failed: 1 } : count;
}

const isTested = (name) => name === 'unit' || name === 'integration';

const steps = ['unit', 'tools', 'integration', 'dist'].map(countStep);
const dist = read('dist.exit')?.trim() === '0' ? 1 : 0;
const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
const failed = sum('failed');
stdout.write(`${sum('passed') + dist} passed, ${failed} failed, ${sum('skipped')} skipped\n`);
exit(failed === 0 ? 0 : 1);
