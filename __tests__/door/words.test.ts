import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSources, root } from '../architecture/source.ts';

const inputs = Object.keys(parse(readFileSync(`${root}action.yml`, 'utf8')).inputs);
/** Names that only the action has: no word of everyday speech, and no flag of the command line. */
const flags = readFileSync(`${root}src/cli/flag-tables.ts`, 'utf8');
const ofTheAction = inputs.filter((name) => name.includes('-') && !flags.includes(`'${name}'`));

/** Texts of one door that speak to users of both, since the file that they are about has both. */
const forBoth = new Set([
  'src/imageset/fix/legacy.ts',
  'src/state/store.ts',
  'src/state/registry-store.ts',
]);

function textsIn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      if (!ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent))
        found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const texts = readSources('src', /\.ts$/)
  .filter(({ path }) => !forBoth.has(path))
  .flatMap(({ path, tree }) => textsIn(tree).map((text) => ({ path, text })));

describe('what is said', () => {
  it('names inputs in the door of the action alone', () => {
    expect(ofTheAction).toEqual(expect.arrayContaining(['ca-bundle', 'insecure-registries']));
    const named = new RegExp(String.raw`(?<![\w./-])(?:${ofTheAction.join('|')})(?![\w./-])`);
    const wrong = texts.filter(
      ({ path, text }) => !path.startsWith('src/github/') && named.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it('names flags of the command line in its own door alone', () => {
    const flag = /(?<![\w-])--(?:src|dest)-[a-z]/;
    const wrong = texts.filter(({ path, text }) => !path.startsWith('src/cli/') && flag.test(text));
    expect(wrong).toEqual([]);
  });
});
