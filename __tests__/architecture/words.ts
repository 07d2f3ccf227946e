import ts from 'typescript';
import { at, descend, has, type Rule, type Source, type SourceText } from './source.ts';

function isDefaultExport(node: ts.Node): boolean {
  return ts.isExportAssignment(node) || has(node, ts.SyntaxKind.DefaultKeyword);
}

/** Parts of the language that this project does without. */
const refused: readonly { readonly what: string; readonly is: (node: ts.Node) => boolean }[] = [
  { what: 'a default export', is: isDefaultExport },
  { what: 'an enum', is: ts.isEnumDeclaration },
  { what: 'a namespace', is: ts.isModuleDeclaration },
  { what: 'any', is: (node) => node.kind === ts.SyntaxKind.AnyKeyword },
  { what: 'a non-null assertion', is: ts.isNonNullExpression },
  {
    what: 'a definite assignment',
    is: (node) =>
      (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) &&
      node.exclamationToken !== undefined,
  },
];

/** Shapes that hide a type, or that only the compiler could erase, are not used. */
export const plainLanguage: Rule = (sources) =>
  sources.flatMap((file) => [
    ...[...descend(file.tree)].flatMap((node) =>
      refused.filter(({ is }) => is(node)).map(({ what }) => at(file, node, `has ${what}`)),
    ),
    ...(/@ts-(?:ignore|nocheck|expect-error)/.test(file.text)
      ? [`${file.path} silences the compiler`]
      : []),
  ]);

interface Named {
  readonly name: ts.Node;
  readonly of: ts.Statement;
}

/** Gives the declarations of a file that have a name: of a statement that declares several, each. */
function declarationsOf({ tree }: Source): readonly Named[] {
  return tree.statements.flatMap((of): readonly Named[] => {
    if (ts.isVariableStatement(of)) {
      return of.declarationList.declarations.map(({ name }) => ({ name, of }));
    }
    const isNamed =
      ts.isFunctionDeclaration(of) ||
      ts.isClassDeclaration(of) ||
      ts.isInterfaceDeclaration(of) ||
      ts.isTypeAliasDeclaration(of);
    return isNamed && of.name ? [{ name: of.name, of }] : [];
  });
}

/** Every exported declaration says in a comment of its own what it is. */
export const exportsAreExplained: Rule = (sources) =>
  sources.flatMap((file) =>
    declarationsOf(file)
      .filter(({ of }) => has(of, ts.SyntaxKind.ExportKeyword))
      .filter(({ of }) => {
        const comments = ts.getJSDocCommentsAndTags(of).filter(ts.isJSDoc);
        return !ts.getTextOfJSDocComment(comments.at(-1)?.comment)?.trim();
      })
      .map(({ name }) => at(file, name, `exports ${name.getText()} without a word`)),
  );

const emptyWord =
  /(?:Manager|Helper|Util|Impl)s?(?![a-z])|^(?:manager|helper|util|impl)s?(?![a-z])/;

/** A credential helper is what docker calls its programs that keep passwords: a word of the field. */
const fieldWord = /credential-?helper/i;

/** A name says what a thing is. */
export const namesSaySomething: Rule = (sources) =>
  sources.flatMap((file) => {
    const names = declarationsOf(file).map(({ name }) => ({ text: name.getText(), node: name }));
    const words = file.path
      .replace(/\.ts$/, '')
      .replace(fieldWord, '')
      .split(/[/-]/)
      .map((text) => ({ text, node: file.tree }));
    return [...words, ...names]
      .filter(({ text }) => emptyWord.test(text) && !fieldWord.test(text))
      .map(({ text, node }) => at(file, node, `is named ${text}`));
  });

/** Lines that an essay of a layer has, or of a folder inside one; fewer say nothing, more are not read. */
const essayLines = { ofLayer: 5, inside: 3, most: 25 };

function essayOf(text: string): number {
  const [comment] = /^\/\*\*\n(?: \*.*\n)+/.exec(text) ?? [];
  return comment === undefined ? 0 : comment.split('\n').length - 3;
}

function folderOf({ path }: Source): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The index of every folder below `src/` opens with what the folder believes. */
export const foldersHaveAnEssay: Rule = (sources) => {
  const folders = new Set(sources.map(folderOf).filter((folder) => folder !== 'src'));
  return [...folders].flatMap((folder) => {
    const index = sources.find(({ path }) => path === `${folder}/index.ts`);
    if (!index) return [`${folder} has no index.ts`];
    const lines = essayOf(index.text);
    const least = folder.split('/').length > 2 ? essayLines.inside : essayLines.ofLayer;
    const isEssay = lines >= least && lines <= essayLines.most;
    return isEssay ? [] : [`${index.path} opens with ${lines} lines of essay`];
  });
};

/** No two exported declarations share a name, so that a name means one thing in the whole project. */
export const namesMeanOneThing: Rule = (sources) => {
  const first = new Map<string, string>();
  return sources.flatMap((file) =>
    declarationsOf(file)
      .filter(({ of }) => has(of, ts.SyntaxKind.ExportKeyword))
      .flatMap(({ name }) => {
        const other = first.get(name.getText());
        if (other === undefined) first.set(name.getText(), file.path);
        const isSecond = other !== undefined && other !== file.path;
        return isSecond ? [at(file, name, `exports ${name.getText()}, as ${other} does`)] : [];
      }),
  );
};

const comment = /\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm;
const clauseAsSubject = /(?:^|[.:;!?*/] )(?:What|Who)(?:ever)? [a-z`]/;

/** A sentence of a comment begins with its subject, never with a clause that stands for one ("What is there stays"). */
export const sentencesHaveASubject = (sources: readonly SourceText[]): readonly string[] =>
  sources.flatMap(({ path, text }) =>
    [...text.matchAll(comment)]
      .filter(([found]) =>
        clauseAsSubject.test(found.trim().replaceAll(/\s+(?:\*\/?|\/\/)?\s*/g, ' ')),
      )
      .map(
        ({ index }) => `${path}:${text.slice(0, index).split('\n').length} has a clause as subject`,
      ),
  );

/** Texts that oc-mirror prints; people search logs for them. */
const ocMirrorPhrase =
  /\p{Extended_Pictographic}\uFE0F|[👋🔀🕵🔍❗🚀📌📄📝]|\[(?:Executor|Worker|ReleaseImageCollector|GetReleaseReferenceImages|GenerateReleaseSignatures)\]|collection error:|Success collecting|welcome to oc-mirror|no images to copy/u;

/** Only the command line speaks oc-mirror's words, from one file; failures below it carry codes and data. */
export const ocMirrorPhrasesStayInOneFile: Rule = (sources) =>
  sources
    .filter(({ path }) => path.startsWith('src/') && !path.startsWith('src/cli/'))
    .flatMap((file) =>
      [...descend(file.tree)]
        .filter((node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node))
        .filter((node) => ocMirrorPhrase.test(node.getText()))
        .map((node) => at(file, node, 'has a phrase of oc-mirror')),
    );
