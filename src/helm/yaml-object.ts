import {
  asObject,
  isRecord,
  type JsonLimits,
  type JsonObject,
  textOrEmpty,
} from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';

/**
 * Reads the first document of a YAML text as an object; an empty document is an empty object.
 * @throws ContentError `CHART_INVALID`, naming `what`, for a text that is no YAML or no object; `TOO_LARGE` past a limit
 */
export function parseYamlObject(text: string, what: string, limits?: JsonLimits): JsonObject {
  const value = parseYamlValue(text, what, limits);
  if (value === null || isRecord(value)) return asObject(value);
  throw new ContentError('CHART_INVALID', `${what} is no mapping.`);
}

/** Writes a value that may be a version: YAML reads `1.2` as a number. */
export function versionText(value: unknown): string {
  return typeof value === 'number' ? String(value) : textOrEmpty(value);
}

/** Reads the first document of a YAML text. @throws as {@link parseYamlObject} */
export function parseYamlValue(text: string, what: string, limits?: JsonLimits): unknown {
  try {
    return parseYaml(text, what, limits);
  } catch (cause) {
    if (cause instanceof ContentError) throw cause;
    const message = `${what} is not valid YAML: ${messageOf(cause)}`;
    throw new ContentError('CHART_INVALID', message, { cause });
  }
}
