const maxNumber = 2n ** 64n - 1n;

function numberOf(text: string): bigint | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const number = BigInt(text);
  // Above, Masterminds reads it as a word.
  return number <= maxNumber ? number : undefined;
}

/** By code unit: the order must not depend on the machine's locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function compareIdentifier(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined && y === undefined) return compareText(a, b);
  if (x === undefined) return 1;
  if (y === undefined) return -1;
  return x < y ? -1 : Number(x > y);
}

/**
 * Orders the dot-separated identifiers of prereleases or builds: numbers by value and before words, the shorter list first.
 * @see semver 2.0.0, 11.4
 */
export function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareIdentifier(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
