import { isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { compareVersions, parseVersion, type Version } from '../../catalog/index.ts';
import { contentEnd, resolveScalar } from '../../yaml/index.ts';
import { keyLike, type Mend, placeOf, type Site } from './mend.ts';

/** Gives the text of a scalar as YAML has to have it: a number in quotes, everything else as it stands. */
export function textValue(text: string, node: Scalar): string {
  const [start, end] = node.range ?? [0, 0];
  const source = text.slice(start, end);
  const isPlain = node.type === 'PLAIN' && resolveScalar(source)?.kind !== 'string';
  return isPlain ? JSON.stringify(source) : source;
}

interface Listed {
  readonly source: string;
  readonly version: Version;
}

function readList({ text }: Site, items: readonly unknown[]): Listed[] | undefined {
  const listed = items.map((item) => {
    const node = item as Node | null;
    const version = isScalar(node) ? parseVersion(String(node.value)) : undefined;
    return version && isScalar(node) ? { source: textValue(text, node), version } : undefined;
  });
  const known = listed.filter((one) => one !== undefined);
  return known.length === listed.length && known.length > 0 ? known : undefined;
}

/** Gives what separates two entries of the mapping of a site: a comma, or a new line as far in as its key. */
function separatorOf({ text, map, keyNode }: Pick<Site, 'text' | 'map' | 'keyNode'>): string {
  if (map.flow) return ', ';
  const start = keyNode.range?.[0] ?? 0;
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const after = text.indexOf('\n', start);
  const isDos = after > 0 ? text[after - 1] === '\r' : text.includes('\r\n');
  return `${isDos ? '\r\n' : '\n'}${text
    .slice(line, start)
    .replace(/^\ufeff/, '')
    .replaceAll(/[^ \t]/g, ' ')}`;
}

/** Gives the comments inside a stretch of text, each as it stands. */
function commentsIn(source: string): string[] {
  return source
    .split(/\r?\n/)
    .slice(0, -1)
    .flatMap((line) => /(?:^|[ \t])(#.*)$/.exec(line)?.[1] ?? []);
}

/** Writes the range of a list of versions in its place; the comments of the list stay above it. */
export function writeRange(site: Site): Mend[] {
  const { text, value } = site;
  const listed = isSeq(value) ? readList(site, value.items) : undefined;
  const isTaken = site.has('minVersion') || site.has('maxVersion');
  if (!listed || isTaken) return [];
  const sorted = listed.toSorted((a, b) => compareVersions(a.version, b.version));
  const [first, last] = [sorted[0]?.source ?? '', sorted.at(-1)?.source ?? ''];
  const between = separatorOf(site);
  const start = placeOf(site);
  const end = contentEnd(text, value);
  const comments = site.map.flow ? [] : commentsIn(text.slice(start, end));
  const lines = [
    ...comments,
    `${keyLike(site, 'minVersion')}: ${first}`,
    `${keyLike(site, 'maxVersion')}: ${last}`,
  ];
  const warning = sorted.length > 1 ? '; versions in between come too' : '';
  const reason = `"${site.key}" is now the range from ${first} to ${last}: v2 has no lists of versions${warning}`;
  return [{ start, end, text: lines.join(between), at: start, reason }];
}
