import { compareText } from '../../base/index.ts';
import { type ChannelOutcome, type ChannelQuestion, fail } from './channel-question.ts';
import { pinnedVersion } from './range.ts';
import { type Subject, versionsOf } from './subject.ts';
import { compareBuilds, compareVersions, parseVersion, type Version } from './version.ts';

/** Finds the bundles of a version, anywhere in the package; of equal precedence the one with the highest build first. */
function findVersion(version: Version, { versions }: Subject): readonly string[] {
  return [...versions]
    .filter(([, found]) => compareVersions(found.version, version) === 0)
    .sort(
      ([nameA, a], [nameB, b]) => compareBuilds(b.version, a.version) || compareText(nameB, nameA),
    )
    .map(([name]) => name);
}

/**
 * Keeps exactly one bundle, looked for in all of the package and without a look at the graph.
 * @see spec 5.4 (min == max), 15 (1), (2)
 */
export function pinChannel(question: ChannelQuestion): ChannelOutcome {
  const { channel, subject, bounds, path } = question;
  const text = pinnedVersion(bounds) ?? '';
  const version = parseVersion(text);
  const [name, ...others] = version ? findVersion(version, subject) : [];
  if (name === undefined) {
    return fail(question, {
      code: 'version-not-found',
      message: `error finding specific bundle: specific version ${text} not found in bundles`,
      candidates: versionsOf(subject, subject.content.bundles),
    });
  }
  const facts = { package: subject.content.name, channel: channel.name, path };
  return {
    names: new Set([name]),
    entries: channel.entries.filter((entry) => entry.name === name),
    head: name,
    ...(others.length > 0 && {
      finding: { ...facts, code: 'ambiguous-version', bundle: name, candidates: [name, ...others] },
    }),
  };
}
