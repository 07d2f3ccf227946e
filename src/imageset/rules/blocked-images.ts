import { RE2JS, RE2JSSyntaxException } from 're2js';
import { below, type Rule } from './finding.ts';

/** Gives the error with which RE2 refuses a pattern. */
function patternError(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof RE2JSSyntaxException)) throw thrown;
    return `error parsing regexp: ${thrown.getDescription()}: \`${thrown.getPattern() ?? ''}\``;
  }
}

/** Finds blocked images that are no regular expressions. */
export const checkBlockedImages: Rule = (imageSet) => {
  if (imageSet.kind === 'DeleteImageSetConfiguration') return [];
  return (imageSet.mirror.blockedImages ?? []).flatMap(({ name }, index) => {
    const error = patternError(name);
    if (error === undefined) return [];
    return {
      severity: 'error',
      code: 'blocked-image-pattern',
      message: `blocked image ${JSON.stringify(name)}: invalid regular expression: ${error}`,
      summary: 'A blocked image is not a regular expression.',
      detail: `blockedImages are regular expressions (RE2), found anywhere in a reference: ${error}. To match a special character itself, put a backslash before it; for "anything", write ".*".`,
      text: name,
      path: below(imageSet, 'blockedImages', index, 'name'),
    };
  });
};
