let given = 0;

/** Gives a name beside a path that no other write uses, of this process or another. */
export function temporaryName(path: string): string {
  given += 1;
  return `${path}.${process.pid}-${given}.tmp`;
}
