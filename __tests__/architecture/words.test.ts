import { describe, expect, it } from 'vitest';
import { judge, prove } from './prove.ts';
import { readSources } from './source.ts';
import {
  exportsAreExplained,
  foldersHaveAnEssay,
  namesSaySomething,
  plainLanguage,
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
