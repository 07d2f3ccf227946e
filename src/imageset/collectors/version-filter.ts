import { RE2JS } from 're2js';
import { ConfigError, messageOf } from '../../errors.ts';

/**
 * Gives the test that `VERSION_FILTER` puts on the versions from which a channel's bounds are taken.
 * @throws ConfigError `INPUT_INVALID` when the text is no RE2 expression.
 */
export function versionFilter(
  text: string | undefined,
): ((version: string) => boolean) | undefined {
  if (!text) return undefined;
  try {
    const pattern = RE2JS.compile(text);
    return (version) => pattern.matcher(version).find();
  } catch (cause) {
    const message = `Version filter '${text}' is not a valid regular expression: ${messageOf(cause)}`;
    throw new ConfigError('INPUT_INVALID', message, { cause });
  }
}
