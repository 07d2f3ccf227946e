import type { Logger, LogLevel } from '../../src/log.ts';

/** A log that keeps its lines. */
export function keepLines(): Logger & { readonly lines: { level: LogLevel; message: string }[] } {
  const lines: { level: LogLevel; message: string }[] = [];
  return { lines, log: (level, message) => lines.push({ level, message }) };
}
