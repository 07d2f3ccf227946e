import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A fenced text of a page that people copy. */
export interface Example {
  readonly page: string;
  /** The heading above it. */
  readonly heading: string;
  readonly language: string;
  readonly text: string;
}

/** The pages with workflows, and with steps of workflows. */
const examplePages = ['README.md', '.github/docs/workflows.md'];

/** Takes the indentation of the first line from all lines. */
function dedent(text: string): string {
  const [indent = ''] = /^ */.exec(text) ?? [];
  return text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

/** Reads the fenced YAML and commands of the pages. */
export function readExamples(): readonly Example[] {
  return examplePages.flatMap((page) => {
    const path = fileURLToPath(new URL(`../../${page}`, import.meta.url));
    const text = readFileSync(path, 'utf8');
    const headings = [...text.matchAll(/^#+ (.*)$/gm)];
    return [...text.matchAll(/^( *)```(yaml|sh)\n(.*?)^\1```/gms)].map((fence) => ({
      page,
      heading: headings.findLast(({ index }) => index < fence.index)?.[1] ?? '',
      language: fence[2] ?? '',
      text: dedent(fence[3] ?? ''),
    }));
  });
}

/** A step of a workflow. */
export interface ExampleStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** A job of a workflow. */
export interface ExampleJob {
  readonly permissions?: { readonly contents?: string };
  readonly steps: readonly ExampleStep[];
}

/** A workflow, as YAML has it. */
export interface ExampleWorkflow {
  readonly jobs: Readonly<Record<string, ExampleJob>>;
}

/** Gives the workflow of an example; steps alone are put into one, as somebody does who copies them. */
export function workflowOf({ language, text }: Example): string | undefined {
  if (language !== 'yaml') return undefined;
  const value = parse(text);
  if (value?.jobs) return text;
  if (!Array.isArray(value)) return undefined;
  const steps = `- uses: actions/checkout@v4\n${text}`.replaceAll(/^(?=.)/gm, '      ');
  const head = ['on: [push]', 'jobs:', '  mirror:', '    runs-on: ubuntu-24.04', '    steps:'];
  return [...head, steps].join('\n');
}
