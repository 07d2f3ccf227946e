import { describe, expect, it } from 'vitest';
import { prove } from './prove.ts';
import {
  filesAreShort,
  functionsAreShort,
  noBooleanParameters,
  parametersAreFew,
} from './shape.ts';
import { readSources } from './source.ts';

const sources = readSources('src', /\.ts$/);
const path = 'src/plan/a.ts';

describe('the code', () => {
  it('has short files', () => {
    expect(filesAreShort(sources)).toEqual([]);
    const lines = (count: number) => ({ [path]: '// line\n'.repeat(count) });
    prove(filesAreShort, { wrong: lines(301), right: lines(300) });
  });

  it('has short functions', () => {
    expect(functionsAreShort(sources)).toEqual([]);
    const lines = (count: number) => '\n'.repeat(count - 1);
    for (const [before, after] of [
      ['function a() {', '}'],
      ['const a = () => {', '};'],
      ['const a = { b() {', '} };'],
      ['class A { constructor() {', '} }'],
    ]) {
      prove(functionsAreShort, {
        wrong: { [path]: before + lines(51) + after },
        right: { [path]: before + lines(50) + after },
      });
    }
  });

  it('has functions of few parameters', () => {
    expect(parametersAreFew(sources)).toEqual([]);
    const right = { [path]: 'export const a = (b, c, d) => b;' };
    prove(parametersAreFew, { wrong: { [path]: 'export const a = (b, c, d, e) => b;' }, right });
    prove(parametersAreFew, { wrong: { [path]: 'interface A { b(c, d, e, f): void }' }, right });
  });

  it('has no boolean parameters that others would have to pass', () => {
    expect(noBooleanParameters(sources)).toEqual([]);
    const right = {
      [path]:
        'function a(b: boolean) {} export const c = (d: { isE: boolean }) => [d].map((e: boolean) => e);',
    };
    for (const text of [
      'export function a(b: boolean) {}',
      'export const a = (b?: boolean | undefined) => b;',
      'export const a = { b(c = false) {} };',
      'export interface A { b(c: boolean): void }',
    ]) {
      prove(noBooleanParameters, { wrong: { [path]: text }, right });
    }
  });
});
