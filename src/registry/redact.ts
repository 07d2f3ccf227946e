/** Query keys that carry names or numbers and never a secret. */
const publicKeys = new Set([
  'arch',
  'channel',
  'digest',
  'from',
  'last',
  'mount',
  'n',
  'scope',
  'service',
  'version',
]);

/**
 * Writes a URL for logs and errors.
 *
 * Shape: no user info, no fragment; values of query keys that are not known to be harmless are replaced, because
 * storage services sign with them.
 */
export function redactUrl(url: URL): string {
  const query = [...url.searchParams].map(([key, value]) => {
    const shown = publicKeys.has(key) ? value : 'REDACTED';
    return `${encodeURIComponent(key)}=${encodeURIComponent(shown).replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
  });
  return `${url.origin}${url.pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** Makes text from outside fit for one line: no control characters, at most `length` characters. */
export function oneLine(text: string, length = 300): string {
  const line = text.replace(/\p{C}+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
