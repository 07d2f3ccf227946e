/** Compares texts by code units: the same everywhere, whatever the machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Gives a sorted list of texts, each once. */
export function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText);
}

/** Gives the items whose key no earlier item has. */
export function firstOfEach<Item>(items: readonly Item[], key: (item: Item) => unknown): Item[] {
  const seen = new Set<unknown>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)));
}

/** Gives the last item of each key, in the place of the first one. */
export function lastOfEach<Item>(items: readonly Item[], key: (item: Item) => unknown): Item[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

/** Lists names in a sentence: the first `most`, and how many more there are. */
export function listNames(names: readonly string[], most = 5): string {
  const more = names.length - most;
  const listed = names.slice(0, most).join(', ');
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** Sorts by a text of each item, by code units: the order of a locale differs between machines. */
export function sortBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Item[] {
  const keyed = Array.from(items, (item) => ({ item, key: key(item) }));
  return keyed.sort((a, b) => compareText(a.key, b.key)).map(({ item }) => item);
}

/** Orders changes as plans list them: by repository, tag, action; of what one place had before, by digest. */
export function compareChanges<
  C extends Record<'repository' | 'tag' | 'action' | 'digest', string>,
>(a: C, b: C): number {
  return (
    compareText(a.repository, b.repository) ||
    compareText(a.tag, b.tag) ||
    compareText(a.action, b.action) ||
    compareText(a.digest, b.digest)
  );
}
