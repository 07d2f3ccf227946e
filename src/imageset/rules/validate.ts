import { RE2JS, RE2JSSyntaxException } from 're2js';
import { below, duplicates, type Located } from './finding.ts';
import { checkOperators } from './operators.ts';
import { aggregate, type Violation } from './violation.ts';

const quote = JSON.stringify;

function checkReleaseChannels(imageSet: Located): Violation[] {
  return duplicates(imageSet.mirror.platform?.channels, (channel) => channel.name).map(
    ({ item, index }) => ({
      code: 'duplicate-release-channel',
      message: `release channel ${quote(item.name)}: duplicate found in configuration`,
      summary: 'A release channel is listed twice.',
      detail: `The channel "${item.name}" is listed twice. Keep one entry whose minVersion and maxVersion span both ranges.`,
      text: item.name,
      path: below(imageSet, 'platform', 'channels', index, 'name'),
    }),
  );
}

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

function checkBlockedImages(imageSet: Located): Violation[] {
  return (imageSet.mirror.blockedImages ?? []).flatMap(({ name }, index) => {
    const error = patternError(name);
    if (error === undefined) return [];
    return [
      {
        code: 'blocked-image-pattern',
        message: `blocked image ${quote(name)}: invalid regular expression: ${error}`,
        summary: 'A blocked image is not a regular expression.',
        detail: `blockedImages are regular expressions (RE2), found anywhere in a reference: ${error}. Escape what is meant literally with a backslash; for "anything", write ".*".`,
        text: name,
        path: below(imageSet, 'blockedImages', index, 'name'),
      },
    ];
  });
}

function checkPlatformFields(imageSet: Located): Violation[] {
  const { platforms = [], architectures = [] } = imageSet.mirror.platform ?? {};
  if (platforms.length === 0 || architectures.length === 0) return [];
  return [
    {
      code: 'platforms-and-architectures',
      message:
        'platform.platforms and platform.architectures cannot be used together; use platform.platforms for sparse manifest filtering (requires disabling manifest list blob checks on container registry side), or platform.architectures (deprecated) for OCP multi payload or single arch payloads',
      summary: 'Releases are chosen both by platforms and by architectures.',
      detail:
        'platform.platforms filters the multi-architecture payload, platform.architectures chooses payloads: use one of the two. Without need for a filter, delete platforms.',
      text: 'architectures',
      path: below(imageSet, 'platform', 'architectures'),
    },
  ];
}

/** The rules that an image set breaks, and the message with which oc-mirror refuses it for them. */
export interface Validation {
  readonly violations: readonly Violation[];
  readonly refusal?: string;
}

/**
 * Applies oc-mirror's own rules, all of them, in its order.
 *
 * The refusal is what oc-mirror prints: every broken rule of an ImageSetConfiguration, except that of repeated release
 * channels only the first counts; of a DeleteImageSetConfiguration the first of each of its two rules.
 * @see oc-mirror v2, §1.5
 */
export function validate(imageSet: Located): Validation {
  const whole = imageSet.kind === 'ImageSetConfiguration';
  const operators = checkOperators(imageSet);
  const channels = checkReleaseChannels(imageSet);
  const others = whole ? [checkBlockedImages(imageSet), checkPlatformFields(imageSet)] : [];
  const spoken = [whole ? operators : operators.slice(0, 1), channels.slice(0, 1), ...others];
  const messages = spoken.flatMap((group) => {
    const text = aggregate(group.map((violation) => violation.message));
    return text === undefined ? [] : [`invalid configuration: ${text}`];
  });
  const refusal = aggregate(messages);
  return {
    violations: [operators, channels, ...others].flat(),
    ...(refusal !== undefined && { refusal }),
  };
}
