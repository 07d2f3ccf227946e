import type { FilterError } from './result.ts';
import { failed, type Subject } from './subject.ts';

/**
 * Checks that the channel of those who choose none is among the channels that are asked for, before any range is looked at.
 * @see spec 5.4, (2)
 */
export function checkDefaultChannel(
  { content, wish }: Subject,
  kept: readonly string[],
): FilterError | undefined {
  if (!wish) return undefined;
  const chosen = content.defaultChannels.find((original) => {
    const effective = wish.defaultChannel || original;
    return effective !== '' && !kept.includes(effective);
  });
  if (chosen === undefined) return undefined;
  const [owner, name] = [content.name, wish.defaultChannel || chosen].map((one) =>
    JSON.stringify(one),
  );
  const facts = { package: content.name, candidates: kept };
  const invalid = `${failed}invalid default channel configuration for package ${owner}: `;
  if (wish.defaultChannel) {
    return {
      ...facts,
      code: 'default-channel-unknown',
      message: `${invalid}specified default channel override ${name} does not exist in the filtered output`,
      path: [...wish.path, 'defaultChannel'],
      channel: wish.defaultChannel,
    };
  }
  return {
    ...facts,
    code: 'default-channel-dropped',
    message: `${invalid}the default channel ${name} was filtered out, a new default channel must be configured for this package`,
    path: wish.path,
    channel: chosen,
  };
}
