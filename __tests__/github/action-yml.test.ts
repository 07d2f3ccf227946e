import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { outputNames } from '../../src/github/host.ts';
import { inputTable } from '../../src/github/inputs.ts';
import { type ExampleWorkflow, readExamples, workflowOf } from '../support/examples.ts';

const root = new URL('../../', import.meta.url);

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the runner
const expression = '${{ github.token }}';

interface Action {
  readonly inputs: Record<string, { default?: string; required?: boolean; description: string }>;
  readonly outputs: Record<string, { description: string }>;
  readonly runs: { readonly using: string; readonly main: string };
}

const action = parse(readFileSync(new URL('action.yml', root), 'utf8')) as Action;

describe('action.yml', () => {
  it('declares the inputs that are read, with the same defaults', () => {
    const declared = Object.entries(action.inputs).map(([name, input]) => [
      name,
      name === 'github-token' ? '' : (input.default ?? ''),
    ]);
    const read = Object.entries(inputTable).map(([name, input]) => [name, input.default]);
    expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(read));
    expect(action.inputs['github-token']?.default).toBe(expression);
  });

  it('requires nothing but the target', () => {
    const required = Object.entries(action.inputs).filter(([, input]) => input.required);
    expect(required.map(([name]) => name)).toEqual(['target']);
  });

  it('declares the outputs that are set', () => {
    expect(Object.keys(action.outputs)).toEqual([...outputNames]);
  });

  it('runs the committed bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });

  it('is what the tables of its page say', () => {
    const script = new URL('.github/scripts/docs-tables.mjs', root);
    const check = () =>
      execFileSync(process.execPath, [script.pathname, '--check'], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  it('has every input that the examples use', () => {
    const examples = readExamples().flatMap((one) => workflowOf(one) ?? []);
    const jobs = examples.flatMap((text) => Object.values((parse(text) as ExampleWorkflow).jobs));
    const steps = jobs.flatMap((job) => job.steps);
    const ours = steps.filter((step) => step.uses?.includes('/imageset-mirror@'));
    const used = ours.flatMap((step) => Object.keys(step.with ?? {}));
    expect(ours).toHaveLength(5);
    expect(used.filter((name) => !(name in inputTable))).toEqual([]);
  });
});
