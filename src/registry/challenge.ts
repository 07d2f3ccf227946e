/** One way to authenticate that a 401 offers. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
const parameterPattern = new RegExp(
  `(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]*))`,
  'y',
);
const schemePattern = new RegExp(`(${token})(?=[\\s,]|$)`, 'y');
const separatorPattern = /[\s,]+/y;

/**
 * Reads `WWW-Authenticate`, which may hold several challenges.
 *
 * Shape: schemes and parameter names in any case, values quoted or not; what cannot be read is passed over.
 * @see RFC 9110, section 11.6.1
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let at = 0;
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < header.length) {
    if (read(separatorPattern)) continue;
    const parameter = read(parameterPattern);
    const [, name = '', quoted, bare = ''] = parameter ?? [];
    const last = challenges.at(-1);
    if (parameter && last) {
      last.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    } else if (!parameter) {
      const scheme = read(schemePattern)?.[1];
      if (scheme) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
      else at += 1;
    }
  }
  return challenges;
}
