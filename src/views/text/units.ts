const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Writes bytes for people: decimal units, one decimal, `18.2 MB`. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  // 999.95 would be printed as 1000.0.
  while (amount >= 999.95 && unit < byteUnits.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${byteUnits[unit]}`;
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}

/** Writes a span of milliseconds for people: `0.9 s`, `12 s`, `8 m 38 s`, `1 h 02 m`. */
export function formatDuration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${padded(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} m`;
}

/** Writes a number with its thousands apart, whatever the machine's language: `10,000`. */
export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Counts a thing: `1 image`, `12 images`; the plural is regular unless it is told. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** Chooses the word that agrees with a number. */
export function agree(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** Shortens a digest to 12 digits behind its algorithm: `sha256:86592d87dea5`. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':');
  return `${digest.slice(0, colon + 1)}${digest.slice(colon + 1, colon + 13)}`;
}

/** Shortens every digest in a text to 12 digits. */
export function shortenDigests(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])/g, '$1');
}

/** Shortens a digest to 12 digits without its algorithm, as a plan is called: `3f6c1a9b27de`. */
export function shortId(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}
