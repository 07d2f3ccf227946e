import { posix } from 'node:path';
import ts from 'typescript';
import { descend, type Source } from './source.ts';

/** One thing that a file imports. */
export interface Import {
  readonly node: ts.Node;
  /** As written, `../oci/index.ts` or `undici`. */
  readonly specifier: string;
  /** Path from the root of the project; absent for a package. */
  readonly path?: string;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  const isImport =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
}

/** Gives what a file imports: statically or not, values or types, and what it exports from elsewhere. */
export function importsOf(file: Source): readonly Import[] {
  return [...descend(file.tree)].flatMap((node) => {
    const written = specifierOf(node);
    if (!written || !ts.isStringLiteralLike(written)) return [];
    const specifier = written.text;
    if (!specifier.startsWith('.')) return [{ node, specifier }];
    return [{ node, specifier, path: posix.join(posix.dirname(file.path), specifier) }];
  });
}

/** Gives the package of a specifier, `@actions/core` of `@actions/core/lib/x.js`; `undefined` for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const [first = '', second] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
