import type { MappingEntry } from '../run/index.ts';

function withoutTag(reference: string): string {
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/') ? reference.slice(0, colon) : reference;
}

function formatEntry({ source, destination, children = [] }: MappingEntry): string[] {
  const [sourceName = source] = source.split('@', 1);
  const [destinationName = destination] = destination.split('@', 1);
  return [
    `${source}=${destination}`,
    ...children.map((child) => `${sourceName}@${child}=${withoutTag(destinationName)}@${child}`),
  ];
}

/**
 * Formats `mapping.txt`: a line `source=destination` for each image, transports included, and one for each child.
 *
 * A child's source keeps the tag before its digest, as oc-mirror writes it.
 * @see oc-mirror v2, dry run
 */
export function formatMapping(entries: readonly MappingEntry[]): string {
  return entries
    .flatMap(formatEntry)
    .map((line) => `${line}\n`)
    .join('');
}
