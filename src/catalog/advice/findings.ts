import { listNames } from '../../base/index.ts';
import type { FilteredCatalog, FilterFinding, FilterFindingCode } from '../filter/index.ts';
import { type Advice, unique, yamlText } from './advice.ts';
import { isConsequence } from './errors.ts';

type Speaker = (
  finding: FilterFinding,
  filtered: FilteredCatalog,
) => Pick<Advice, 'severity' | 'summary' | 'detail' | 'fix' | 'text'>;

function meant({ candidates = [] }: FilterFinding): string {
  return candidates.length > 0 ? ` Did you mean ${listNames(candidates)}?` : '';
}

function nameFix({ candidates = [] }: FilterFinding): { readonly fix?: string } {
  const [likeliest] = candidates;
  return likeliest === undefined ? {} : { fix: `name: ${yamlText(likeliest)}` };
}

function offeredChannels(name: string, { packages }: Pick<FilteredCatalog, 'packages'>): string {
  const offered = packages.find((one) => one.name === name)?.offers.channels ?? [];
  return listNames(offered.map((channel) => channel.name)) || 'no channel';
}

/** Tells oc-mirror's answer to an unknown channel: a failure that follows from it, or none. */
function effectOf({ package: owner }: FilterFinding, filtered: FilteredCatalog): string {
  const error = filtered.errors.find(
    (one) => one.package === owner && isConsequence(one, filtered),
  );
  return error
    ? 'oc-mirror fails on it, with a message about the default channel.'
    : 'oc-mirror ignores it without a message.';
}

/** An emptied channel counts only if the author names it, and only once if it is the default channel too. */
function isWorthTelling(found: FilterFinding, all: readonly FilterFinding[]): boolean {
  if (found.code !== 'emptied-channel') return true;
  const isDefault = all.some(
    ({ code, package: owner, channel }) =>
      code === 'default-channel-emptied' && owner === found.package && channel === found.channel,
  );
  return found.path.includes('channels') && !isDefault;
}

const speakers: Readonly<Record<FilterFindingCode, Speaker>> = {
  'unknown-package': (finding) => ({
    severity: 'error',
    summary: 'A package is not in its catalog.',
    detail: `The catalog has no package "${finding.package}", so nothing of it is mirrored.${meant(finding)} oc-mirror ignores it without a message.`,
    ...nameFix(finding),
    text: finding.package,
  }),
  'unknown-channel': (finding, filtered) => ({
    severity: 'error',
    summary: 'A channel is not in its package.',
    detail: `Package "${finding.package}" has no channel "${finding.channel}", so nothing of it is mirrored.${meant(finding)} It has ${offeredChannels(finding.package, filtered)}. ${effectOf(finding, filtered)}`,
    ...nameFix(finding),
    text: finding.channel,
  }),
  'emptied-channel': (finding) => ({
    severity: 'warning',
    summary: 'Nothing of a channel is kept.',
    detail: `No bundle of channel "${finding.channel}" of package "${finding.package}" is asked for, so the mirrored catalog does not have the channel. Subscriptions to it will find nothing.`,
  }),
  'default-channel-emptied': (finding) => ({
    severity: 'warning',
    summary: 'Nothing of the default channel is kept.',
    detail: `The default channel of package "${finding.package}" is "${finding.channel}", of which nothing is kept. The mirrored catalog gets "${finding.candidates?.[0]}" instead, or no cluster could read it; oc-mirror writes such a catalog.`,
    fix: `defaultChannel: ${yamlText(finding.candidates?.[0] ?? '')}`,
  }),
  'ambiguous-version': (finding) => ({
    severity: 'notice',
    summary: 'Several bundles have the version that is asked for.',
    detail: `In package "${finding.package}" ${listNames(finding.candidates ?? [])} differ only by build metadata; ${finding.bundle} is taken, always the same. oc-mirror takes one by chance.`,
  }),
  'bundle-outside-channels': (finding) => ({
    severity: 'warning',
    summary: 'A bundle is mirrored that no kept channel has.',
    detail: `Bundle "${finding.bundle}" of package "${finding.package}" is kept, but none of the channels to mirror lists it. Its images are mirrored as oc-mirror does; the mirrored catalog leaves it out, or no cluster could read it.`,
  }),
  'bundle-missing': (finding) => ({
    severity: 'warning',
    summary: 'A channel names a bundle that is not in the catalog.',
    detail: `Channel "${finding.channel}" of package "${finding.package}" lists "${finding.bundle}", which the catalog does not have. Clusters cannot read such a catalog; its publisher has to fix it.`,
  }),
};

/** Explains faults that oc-mirror ignores without a message. */
export function adviseFindings(filtered: FilteredCatalog): readonly Advice[] {
  const { findings } = filtered;
  const told = findings.filter((one) => isWorthTelling(one, findings));
  return unique(
    told.map((finding) => ({
      code: `operator-${finding.code}`,
      ...speakers[finding.code](finding, filtered),
      path: finding.path,
    })),
  );
}
