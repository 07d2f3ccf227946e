import { expect } from 'vitest';
import { type Rule, source } from './source.ts';

/** Texts by their paths. */
export type Tree = Readonly<Record<string, string>>;

/** Gives what a rule says about a project that consists of these files. */
export function judge(rule: Rule, tree: Tree): readonly string[] {
  return rule(Object.entries(tree).map(([path, text]) => source(path, text)));
}

/** Shows that a rule can fail: it names the place in the wrong file, and is content with the right one. */
export function prove(
  rule: Rule,
  { wrong, right }: { readonly wrong: Tree; readonly right: Tree },
): void {
  expect(judge(rule, wrong)).toHaveLength(1);
  expect(judge(rule, right)).toEqual([]);
}
