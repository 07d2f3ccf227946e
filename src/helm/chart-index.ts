import { isRecord, type JsonObject, records, textOrEmpty, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { indexJson } from './limits.ts';
import { parseYamlObject, versionText } from './yaml-object.ts';

/** One version of a chart, as the index of its repository describes it. */
export interface ChartVersion {
  readonly name: string;
  readonly version: string;
  /** Where the archive is: absolute, or relative to the index. */
  readonly urls: readonly string[];
  /** SHA-256 of the archive, hex; absent where the index has none. */
  readonly digest?: string;
  /** A library renders nothing by itself. */
  readonly isLibrary: boolean;
}

/** The index of a chart repository. */
export interface ChartIndex {
  /** In the order of the index. */
  readonly names: readonly string[];
  /** Gives the versions of a chart in the order of the index, none for an unknown one. @throws ContentError `CHART_INVALID` */
  versionsOf(name: string): readonly ChartVersion[];
}

function versionOf(name: string, entry: JsonObject): ChartVersion[] {
  const version = versionText(entry['version']);
  const hex = textOrEmpty(entry['digest']).replace(/^sha256:/, '');
  if (version === '') return [];
  return [
    {
      name,
      version,
      urls: texts(entry['urls']),
      ...(hex !== '' && { digest: hex }),
      isLibrary: entry['type'] === 'library',
    },
  ];
}

function versionsIn(entries: JsonObject, name: string): ChartVersion[] {
  return records(Object.hasOwn(entries, name) ? entries[name] : undefined).flatMap((entry) =>
    versionOf(name, entry),
  );
}

/**
 * Cuts the mapping below `entries` into one text for each chart; `undefined` where it is not written as one block.
 *
 * An index of megabytes describes thousands of charts, and an image set wants a few of them: only those are parsed.
 */
function cutEntries(text: string): ReadonlyMap<string, string> | undefined {
  const head = /^entries:[ \t]*(?:#.*)?\r?$/m.exec(text);
  if (!head) return undefined;
  const rest = text.slice(head.index + head[0].length + 1);
  const end = /^[^\s#]/m.exec(rest)?.index ?? rest.length;
  const block = rest.slice(0, end);
  const indent = /^( +)[^\s#-]/m.exec(block)?.[1]?.length;
  // One piece may use the anchor of another one.
  if (
    indent === undefined ||
    indent > 40 ||
    /^ *(?:- +)?(?:- +|[\w.<-]+:[ \t]+)[&*]\w/m.test(block)
  )
    return undefined;
  const starts = [...block.matchAll(new RegExp(`^ {${indent}}(?=[^\\s#-])`, 'gm'))].map(
    ({ index }) => index,
  );
  const pieces = starts.map((start, at) => block.slice(start, starts[at + 1]));
  return new Map(pieces.map((piece) => [keyOf(piece), piece]));
}

/** Characters of a line that has a name; names have fewer than a hundred. */
const longestName = 500;

function keyOf(piece: string): string {
  const [, quoted, plain = ''] =
    /^ *(?:["']([^"']*)["']|([^:]*))/.exec(piece.slice(0, longestName)) ?? [];
  return quoted ?? plain.trimEnd();
}

/**
 * Reads the index of a chart repository; `what` names it in errors.
 *
 * Shape: YAML or JSON, `entries` maps names to versions. Versions of a chart are parsed when they are asked for.
 * @throws ContentError `CHART_INVALID` for a text that is no index; `TOO_LARGE` past a limit
 * @see helm.sh, "The Chart Repository Guide", The index file
 */
export function parseChartIndex(text: string, what: string): ChartIndex {
  const pieces = cutEntries(text);
  if (pieces) {
    const versionsOf = (name: string): readonly ChartVersion[] => {
      const piece = pieces.get(name);
      return piece === undefined ? [] : versionsIn(parseYamlObject(piece, what), name);
    };
    return { names: [...pieces.keys()], versionsOf };
  }
  const { entries } = parseYamlObject(text, what, indexJson);
  if (!isRecord(entries)) {
    throw new ContentError('CHART_INVALID', `${what} is no index of a chart repository.`, {
      hint: 'The URL of a repository is the one above its index.yaml.',
    });
  }
  return {
    names: Object.keys(entries),
    versionsOf: (name) => versionsIn(entries, name),
  };
}
