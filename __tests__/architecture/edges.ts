import ts from 'typescript';
import { importsOf, packageOf } from './imports.ts';
import { at, descend, type Rule, type Source } from './source.ts';

const folder = (name: string) => (path: string) => path.startsWith(`src/${name}/`);
const isRegistry = folder('registry');
const isGitHub = folder('github');
const isServer = (path: string) => folder('fake-registry')(path) || folder('fake-upstream')(path);

/** The files that may import what reaches out of the process. */
const owners: readonly { readonly what: RegExp; readonly may: (path: string) => boolean }[] = [
  { what: /^undici$|^node:(?:tls|net|dns|http2)$/, may: isRegistry },
  { what: /^node:https?$|^node:net$/, may: isServer },
  { what: /^@actions\//, may: isGitHub },
];

/** HTTP is sent by the registry layer alone; the GitHub layer alone speaks to the runner; servers are the made-up ones. */
export const reachingOutHasOneOwner: Rule = (sources) =>
  sources.flatMap((file) =>
    importsOf(file).flatMap(({ node, specifier }) => {
      const name = specifier.startsWith('node:') ? specifier : (packageOf(specifier) ?? '');
      const rules = owners.filter(({ what }) => what.test(name));
      if (rules.length === 0 || rules.some(({ may }) => may(file.path))) return [];
      return [at(file, node, `imports ${specifier}`)];
    }),
  );

/** Global names through which time, chance, the network and the environment come in. */
const worldly = new Set([
  ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'performance', 'randomUUID', 'console'],
]);
const worldlyMembers = new Set([
  ...['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'],
  ...['process.env', 'process.argv', 'process.exit', 'process.exitCode', 'process.hrtime'],
  ...[
    'process.stdout',
    'process.stderr',
    'process.stdin',
    'process.cwd',
    'process.on',
    'process.once',
  ],
  ...['AbortSignal.timeout', 'globalThis.fetch', 'globalThis.setTimeout'],
]);
const worldlyModules = new Set([
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
  'node:process',
]);

function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent) || ts.isImportSpecifier(parent)) return true;
  return 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent);
}

/** Gives the names that a file makes for itself: they hide the global ones. */
function ownNames(file: Source): ReadonlySet<string> {
  const own = [...descend(file.tree)].flatMap((node) => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    return isDeclaration && node.name && ts.isIdentifier(node.name) ? [node.name.text] : [];
  });
  return new Set(own);
}

function isPresentDate(node: ts.Node): boolean {
  const isDate =
    (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  return isDate && (ts.isCallExpression(node) || !node.arguments?.length);
}

function worldlyName(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (isPresentDate(node)) return 'the present Date';
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    return worldlyMembers.has(text) ? text : undefined;
  }
  if (!ts.isIdentifier(node) || isName(node) || own.has(node.text)) return undefined;
  return worldly.has(node.text) ? node.text : undefined;
}

/** Where the world comes in, and why there. */
export const edges: Readonly<Record<string, string>> = {
  'src/registry/stall.ts': 'the time of a socket, as the HTTP library keeps it for all else',
  'src/main.ts': 'the composition root: clock, chance, environment and signals of the process',
  'src/cli.ts': 'the entry of the command line: its arguments and its screen',
  'src/github/quiet.ts':
    "the log of the runner, which clients of GitHub's toolkit write behind their caller",
  'src/fake-registry/serve.ts': 'a server for tests and the demo, whose faults may take time',
};

/** Time, chance, the environment and the network are arguments, but at the edges. */
export const theWorldComesInAtTheEdges: Rule = (sources) =>
  sources.flatMap((file) => {
    if (file.path in edges) return [];
    const own = ownNames(file);
    const used = [...descend(file.tree)].flatMap((node) => {
      const name = worldlyName(node, own);
      return name === undefined ? [] : [at(file, node, `uses ${name}`)];
    });
    const imported = importsOf(file)
      .filter(({ specifier }) => worldlyModules.has(specifier))
      .map(({ node, specifier }) => at(file, node, `imports ${specifier}`));
    const random = importsOf(file)
      .filter(({ node, specifier }) => /crypto$/.test(specifier) && /random/i.test(node.getText()))
      .map(({ node }) => at(file, node, 'imports chance'));
    return [...used, ...imported, ...random];
  });
