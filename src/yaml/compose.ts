import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { overLimit } from '../base/index.ts';
import { yamlLimits } from './limits.ts';

/** Gives the concrete syntax of a text, and stops when it has too many tokens. */
function* concrete(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let count = 0;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (count > yamlLimits.tokens.most) throw overLimit('The YAML text', yamlLimits.tokens);
    yield* parser.next(token);
  }
  yield* parser.end();
}

/**
 * Composes the first document of a text; those after it are not even parsed.
 * @throws ContentError `TOO_LARGE` when the text has too many tokens.
 */
export function firstDocument(text: string): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  for (const document of composer.compose(concrete(text), true, text.length)) {
    return document;
  }
  return undefined;
}
