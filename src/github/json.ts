import { asObject, type JsonObject } from '../base/index.ts';

/** Gives the objects of a decoded list; anything else is an empty one. */
export function asObjects(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** Gives a decoded text, or `undefined`. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Gives a decoded whole number, or `undefined`. */
export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** Gives the time of a decoded text, in milliseconds since the epoch, or `undefined`. */
export function readTime(value: unknown): number | undefined {
  const time = Date.parse(optionalText(value) ?? '');
  return Number.isFinite(time) ? time : undefined;
}
