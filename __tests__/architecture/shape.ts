import ts from 'typescript';
import { at, descend, has, type Rule, type Source } from './source.ts';

const maxFileLines = 300;
const maxFunctionLines = 50;
const maxParameters = 3;

type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.MethodSignature
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

function isFunction(node: ts.Node): node is FunctionNode {
  return (ts.isFunctionLike(node) && 'body' in node) || ts.isMethodSignature(node);
}

function functionsOf(file: Source): readonly FunctionNode[] {
  return [...descend(file.tree)].filter(isFunction);
}

function linesOf({ tree }: Source, node: ts.Node): number {
  const line = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart(tree)) + 1;
}

/** A file can be read in one sitting. */
export const filesAreShort: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return lines > maxFileLines ? [`${path} has ${lines} lines`] : [];
  });

/** A function fits on a screen. */
export const functionsAreShort: Rule = (sources) =>
  sources.flatMap((file) =>
    functionsOf(file)
      .map((node) => ({ node, lines: linesOf(file, node) }))
      .filter(({ lines }) => lines > maxFunctionLines)
      .map(({ node, lines }) => at(file, node, `is a function of ${lines} lines`)),
  );

/** More than three parameters are an object with names. */
export const parametersAreFew: Rule = (sources) =>
  sources.flatMap((file) =>
    functionsOf(file)
      .filter(({ parameters }) => parameters.length > maxParameters)
      .map((node) => at(file, node, `has ${node.parameters.length} parameters`)),
  );

function isExported(node: ts.Node): boolean {
  for (let up: ts.Node | undefined = node; up; up = up.parent) {
    if (up !== node && isFunction(up)) return false;
    if (has(up, ts.SyntaxKind.ExportKeyword)) return true;
  }
  return false;
}

function isBoolean({ type, initializer }: ts.ParameterDeclaration): boolean {
  const parts = type && ts.isUnionTypeNode(type) ? type.types : [type];
  const isTyped = parts.some((part) => part?.kind === ts.SyntaxKind.BooleanKeyword);
  const kind = initializer?.kind;
  return isTyped || kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
}

/** A `true` or `false` that a caller passes has a name at the call: a field, or two verbs. */
export const noBooleanParameters: Rule = (sources) =>
  sources.flatMap((file) =>
    functionsOf(file)
      .filter((node) => isExported(node))
      .flatMap((node) => node.parameters.filter(isBoolean))
      .map((node) => at(file, node, `is a boolean parameter, ${node.name.getText()}`)),
  );
