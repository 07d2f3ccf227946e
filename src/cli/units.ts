function two(value: number): string {
  return String(value).padStart(2, '0');
}

function localParts(ms: number): { date: string[]; time: string[] } {
  const at = new Date(ms);
  return {
    date: [String(at.getFullYear()), two(at.getMonth() + 1), two(at.getDate())],
    time: [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())],
  };
}

/** Writes a moment as log lines do, in local time: `2026/08/21 10:00:00`. */
export function formatLogTime(ms: number): string {
  const { date, time } = localParts(ms);
  return `${date.join('/')} ${time.join(':')}`;
}

/** Writes a moment as names of log files do, in local time: `20260821_100000`. */
export function formatFileStamp(ms: number): string {
  const { date, time } = localParts(ms);
  return `${date.join('')}_${time.join('')}`;
}

/** Writes a time span as Go does: `350ms`, `5.3s`, `1h2m3s`. */
export function formatGoDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = Math.round(ms % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
