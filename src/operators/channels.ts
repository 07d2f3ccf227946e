import { type CatalogChange, type ChannelComparison, compareChannels } from '../catalog/index.ts';
import { causeAt, parseImageSpec } from '../imageset/index.ts';
import type { OperatorChannel } from '../plan/index.ts';
import type { CatalogPair, EntryCatalog } from './pairs.ts';

/** The line of a named package, else that of the catalog. */
function positionOf({ imageSet, index, filtered }: EntryCatalog, name: string) {
  const path = filtered.packages.find((one) => one.name === name)?.path ?? [];
  return causeAt(imageSet, 'operators', index, ...path).at;
}

function isNamed({ after }: CatalogPair, name: string): boolean {
  const owner = after?.filtered.packages.find((one) => one.name === name);
  return owner !== undefined && owner.path.length > 0;
}

/** A bundle without a version has its name instead. */
function versionOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return version || name;
}

function toOperatorChannel(pair: CatalogPair, found: ChannelComparison): OperatorChannel {
  const { before, after } = pair;
  const { head, kept, added, removed, cut } = found;
  return {
    catalog: (after ?? before)?.catalog.catalog ?? '',
    package: found.package,
    channel: found.channel,
    ...(head && { head: versionOf(head) }),
    kept: kept.map(versionOf),
    added: added.map(versionOf),
    removed: removed.map(({ image, updates, ...bundle }) => ({
      version: versionOf(bundle),
      ...(image !== undefined && { image: parseImageSpec(image).reference }),
      updates,
    })),
    ...(cut.length > 0 && { cut: cut.map(versionOf) }),
    ...(after && { at: positionOf(after, found.package) }),
  };
}

/**
 * Describes the channels of operators: those of named packages, and all that change; `installed` are the operators of clusters.
 */
export async function describeOperators(
  pairs: readonly CatalogPair[],
  installed: CatalogChange['installed'] = [],
): Promise<readonly OperatorChannel[]> {
  const described: OperatorChannel[] = [];
  for (const pair of pairs) {
    const { before, after } = pair;
    const channels = await compareChannels({
      before: before?.filtered,
      after: after?.filtered,
      reader: after?.reader,
      readerBefore: before?.reader,
      installed,
    });
    const shown = channels.filter(
      (one) => one.added.length + one.removed.length > 0 || isNamed(pair, one.package),
    );
    described.push(...shown.map((one) => toOperatorChannel(pair, one)));
  }
  return described;
}
