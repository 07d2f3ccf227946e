import { readFileSync } from 'node:fs';
import { runInNewContext, Script } from 'node:vm';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

interface Starters {
  readonly oldestNode: number;
  starterFor(door: 'action' | 'commandLine'): string;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const path = new URL('../../.github/scripts/starter.mjs', import.meta.url).href;
const { oldestNode, starterFor }: Starters = await import(path);

/** Runs a starter on a Node of another version. */
function startOn(version: string, door: 'action' | 'commandLine') {
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    write(text: string) {
      said[name] += text;
    },
  });
  const process = { versions: { node: version }, stdout: stream('out'), stderr: stream('err') };
  runInNewContext(starterFor(door).replace(/^#!.*/, ''), { process });
  return { ...said, process: process as { readonly exitCode?: number } };
}

describe('the starter of a bundle', () => {
  it.each(['0.12.18', '8.17.0', '20.19.0', '23.11.1'])(
    'says on Node %s what it needs',
    (version) => {
      const line = `imageset-mirror needs Node 24 or newer, this is ${version}.`;
      expect(startOn(version, 'commandLine')).toMatchObject({
        out: '',
        err: `${line} Install it, or put it first on PATH.\n`,
        process: { exitCode: 1 },
      });
      expect(startOn(version, 'action')).toMatchObject({
        out: `::error::${line} Use a runner of version 2.328 or newer.\n`,
        err: '',
        process: { exitCode: 1 },
      });
    },
  );

  it.each(['action', 'commandLine'] as const)('of the %s is a script for any parser', (door) => {
    const text = starterFor(door);
    expect(() => new Script(text)).not.toThrow();
    const written = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext },
    }).outputText;
    const plain = (source: string) => source.replaceAll(/\s+/g, '');
    expect(plain(written)).toBe(plain(text));
  });

  it('asks for the Node that the package asks for', () => {
    expect(JSON.parse(read('package.json')).engines).toEqual({ node: `>=${oldestNode}` });
  });
});
