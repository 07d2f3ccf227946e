import { describe, expect, it } from 'vitest';
import { judge, prove } from './prove.ts';
import { readSources, readTexts } from './source.ts';
import {
  exportsAreExplained,
  foldersHaveAnEssay,
  namesMeanOneThing,
  namesSaySomething,
  ocMirrorPhrasesStayInOneFile,
  plainLanguage,
  sentencesHaveASubject,
} from './words.ts';

const sources = readSources('src', /\.ts$/);
const path = 'src/plan/a.ts';

describe('the words of the code', () => {
  it('are plain', () => {
    expect(plainLanguage(sources)).toEqual([]);
    const right = { [path]: "export const a = (b: unknown) => b !== 'any';" };
    for (const text of [
      'export default 1;',
      'export default function a() {}',
      'enum A { B }',
      'namespace A {}',
      'const a = (b: any) => b;',
      'const a = (b?: string) => b!;',
      'let a!: string;',
      '// @ts-ignore\nconst a = 1;',
    ]) {
      prove(plainLanguage, { wrong: { [path]: text }, right });
    }
  });

  it('explain what is exported', () => {
    expect(exportsAreExplained(sources)).toEqual([]);
    for (const text of [
      'export const a = 1;',
      'export function a() {}',
      'export interface A {}',
      'export type A = string;',
      'export class A {}',
    ]) {
      const right = { [path]: `/** A thing. */\n${text}` };
      prove(exportsAreExplained, { wrong: { [path]: text }, right });
      prove(exportsAreExplained, { wrong: { [path]: `/** */\n${text}` }, right });
      prove(exportsAreExplained, { wrong: { [path]: `// A thing.\n${text}` }, right });
    }
  });

  it('say what a thing is', () => {
    expect(namesSaySomething(sources)).toEqual([]);
    const right = {
      'src/registry/credential-helper.ts': 'export function runCredentialHelper() {}',
      [path]: 'const implied = 1; function utilise() {}',
    };
    for (const text of [
      'class PlanManager {}',
      'const pathUtils = 1;',
      'function helper() {}',
      'type RepositoryImpl = 1;',
    ]) {
      prove(namesSaySomething, { wrong: { [path]: text }, right });
    }
    prove(namesSaySomething, { wrong: { 'src/plan/tag-utils.ts': '' }, right });
    prove(namesSaySomething, { wrong: { 'src/helpers/tag.ts': '' }, right });
  });

  it('mean one thing', () => {
    expect(namesMeanOneThing(sources)).toEqual([]);
    const tree = (second: string) => ({
      'src/oci/a.ts': 'export interface Host {}',
      'src/registry/a.ts': second,
    });
    for (const second of ['export type Host = string;', 'export class Host {}']) {
      prove(namesMeanOneThing, { wrong: tree(second), right: tree('interface Host {}') });
    }
    const overloads = { 'src/oci/a.ts': 'export function a(): void;\nexport function a() {}' };
    expect(judge(namesMeanOneThing, overloads)).toEqual([]);
  });

  it('are those of oc-mirror only on the command line', () => {
    expect(ocMirrorPhrasesStayInOneFile(sources)).toEqual([]);
    const text = (phrase: string) => `const a = ${phrase};`;
    for (const phrase of ["'[Worker] failed'", "'🚀 Start'"]) {
      prove(ocMirrorPhrasesStayInOneFile, {
        wrong: { 'src/run/a.ts': text(phrase) },
        right: { 'src/cli/words.ts': text(phrase), 'src/run/a.ts': text("'failed'") },
      });
    }
  });

  it('begin sentences with their subject', () => {
    // This file shows the rule such sentences.
    const tests = readTexts('__tests__', /(?<!architecture\/words\.test)\.ts$/);
    expect(sentencesHaveASubject([...sources, ...tests])).toEqual([]);
    const right = { [path]: '/** Keeps the tag. Asks what is there. */\nconst a = "What goes";' };
    for (const text of [
      '/** What is there stays. */',
      '// Who asks gets it.\n',
      '/**\n * Keeps the tag.\n *\n * What else is\n * there goes.\n */',
      '/** Keeps the tag. What is there stays. */',
      'const a = {\n  // What is there stays.\n};',
    ]) {
      prove(sentencesHaveASubject, { wrong: { [path]: text }, right });
    }
  });

  it('open every folder', () => {
    expect(foldersHaveAnEssay(sources)).toEqual([]);
    const essay = (lines: number) => ({
      'src/oci/index.ts': `/**\n${' * Line.\n'.repeat(lines)} */\n`,
    });
    prove(foldersHaveAnEssay, { wrong: essay(4), right: essay(5) });
    prove(foldersHaveAnEssay, { wrong: essay(26), right: essay(25) });
    prove(foldersHaveAnEssay, { wrong: { 'src/oci/digest.ts': '' }, right: essay(9) });
    expect(
      judge(foldersHaveAnEssay, { 'src/oci/index.ts': '// Oh.\n/**\n * A.\n */' }),
    ).toHaveLength(1);
  });
});
