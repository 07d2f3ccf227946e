import type { Plan } from '../../plan/index.ts';
import { describeKind, type ResourceChange } from '../../resources/index.ts';
import { formatCount, shortDigest, showName } from '../text/index.ts';

/** A line of a diff: an object that changes, or something in it that comes or goes. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Adds the digest to the tag of a catalog, because a tag can move to other content. */
function withShortDigest(image: string): string {
  const [place = '', digest] = image.split('@');
  return digest === undefined ? showName(place) : `${showName(place)} (${shortDigest(digest)})`;
}

function entryText({ source }: ResourceChange, values: readonly string[]): string {
  const shown = values.map(withShortDigest).join(', ');
  return source === undefined ? shown : `${showName(source)} → ${shown}`;
}

function entryLines(change: ResourceChange): readonly DiffLine[] {
  const { from, to } = change;
  return [
    ...(from ? [{ sign: '-', text: `  ${entryText(change, from)}` } as const] : []),
    ...(to ? [{ sign: '+', text: `  ${entryText(change, to)}` } as const] : []),
  ];
}

/** Gives the changes of cluster resources as the lines of a diff, object by object; texts are visible, not escaped. */
export function diffResources({ resources = [] }: Pick<Plan, 'resources'>): readonly DiffLine[] {
  const objects = Map.groupBy(resources, ({ kind, name }) => `${kind} ${showName(name)}`);
  return [...objects].flatMap(([object, changes]): readonly DiffLine[] => [
    { sign: ' ', text: object },
    ...changes.flatMap(entryLines),
  ]);
}

/** Counts the entries that change, by kind: `2 in IDMS, 1 in ITMS, 1 CatalogSource`. */
export function countResources({ resources = [] }: Pick<Plan, 'resources'>): string {
  const groups = [...Map.groupBy(resources, ({ kind }) => kind)];
  const parts = groups.map(([kind, found]) => {
    const { title, holds } = describeKind(kind);
    return holds === 'rules' ? `${found.length} in ${title}` : formatCount(found.length, title);
  });
  return parts.join(', ');
}
