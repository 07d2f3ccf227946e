import type { Diagnostic } from '../../diagnostic.ts';
import type { YamlPath } from '../config.ts';
import { checkBlockedImages } from './blocked-images.ts';
import { checkCatalogTags, checkCatalogVersions, checkSkippedDependencies } from './catalogs.ts';
import { checkCharts } from './charts.ts';
import { diagnose, type Located, type Rule } from './finding.ts';
import { checkImages, checkSamples } from './images.ts';
import { checkCatalogs, checkSelections } from './operators.ts';
import { checkPlatforms } from './platforms.ts';
import { checkChannelNames, checkReleasePlatforms, checkReleases } from './releases.ts';

/**
 * Every rule, in the order of their findings; those by which oc-mirror refuses a file come first, in its order.
 *
 * A new rule is a line here, and a file with its code, its severity and its texts.
 */
const rules: readonly Rule[] = [
  checkCatalogs,
  checkChannelNames,
  checkBlockedImages,
  checkReleasePlatforms,
  checkReleases,
  checkSelections,
  checkCatalogTags,
  checkCatalogVersions,
  checkImages,
  checkPlatforms,
  checkCharts,
  checkSkippedDependencies,
  checkSamples,
];

/** Prints several messages as one, each once, as Kubernetes does. */
function aggregate(messages: readonly string[]): string | undefined {
  const distinct = [...new Set(messages)];
  return distinct.length > 1 ? `[${distinct.join(', ')}]` : distinct[0];
}

/** The findings of all rules, and the message with which oc-mirror refuses the file for them. */
export interface RuleFindings {
  readonly diagnostics: readonly Diagnostic[];
  readonly refusal?: string;
}

/**
 * Applies all rules. A finding at a path of which another one speaks already is left out; oc-mirror's message stays.
 * @see oc-mirror v2, §1.5
 */
export function applyRules(
  imageSet: Located,
  isTold: (path: YamlPath) => boolean = () => false,
): RuleFindings {
  const found = rules.map((rule) => rule(imageSet));
  const refusals = found.flatMap((findings) => {
    const text = aggregate(findings.flatMap(({ message }) => message ?? []));
    return text === undefined ? [] : [`invalid configuration: ${text}`];
  });
  const refusal = aggregate(refusals);
  return {
    diagnostics: found
      .flat()
      .filter(({ path }) => !isTold(path))
      .map((finding) => diagnose(finding, imageSet)),
    ...(refusal !== undefined && { refusal }),
  };
}
