import { isScalar } from 'yaml';
import { replaceInside } from '../../yaml/index.ts';
import type { YamlPath } from '../config.ts';
import type { Meaning } from './meaning.ts';
import type { Mend } from './mend.ts';

/** A name that can only mean another one. */
interface Slip {
  readonly pattern: RegExp;
  readonly meant: string;
  /** Ends "…: ". */
  readonly why: string;
}

const quotes: Slip = {
  pattern:
    /^[\u2018-\u201f\u00ab\u00bb]+([A-Za-z0-9](?:[\w./:@-]*[A-Za-z0-9])?)[\u2018-\u201f\u00ab\u00bb]+$/,
  meant: '$1',
  why: 'typographic quotes are no quotes in YAML',
};
const address: Slip = {
  pattern: /^https?:\/\/(?=[a-z0-9])/,
  meant: '',
  why: 'the name of an image begins with its registry',
};
const version: Slip = {
  pattern: /^(registry\.redhat\.io\/redhat\/[\w-]+):v?4[.:](\d+)$/,
  meant: '$1:v4.$2',
  why: "tags of Red Hat's catalogs are like v4.18",
};

function mendName(meaning: Meaning, path: YamlPath, slips: readonly Slip[]): Mend[] {
  const node = meaning.nodeAt(path);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return [];
  const name = node.value;
  const slip = slips.find(({ pattern, meant }) => name.replace(pattern, meant) !== name);
  if (!slip) return [];
  const meant = name.replace(slip.pattern, slip.meant);
  const at = node.range[0];
  const reason = `${name} is now ${meant}: ${slip.why}`;
  return [{ ...replaceInside(meaning.text, node, meant), at, reason }];
}

/** Mends names of packages, channels, catalogs and images with the slips of a keyboard or a text processor. */
export function mendNames(meaning: Meaning): Mend[] {
  const { mirror, top } = meaning;
  const releases = (mirror.platform?.channels ?? []).flatMap((_, index) =>
    mendName(meaning, [top, 'platform', 'channels', index, 'name'], [quotes]),
  );
  const operators = (mirror.operators ?? []).flatMap(({ packages = [] }, outer) => {
    const path = [top, 'operators', outer];
    const named = packages.flatMap(({ channels = [] }, index) => {
      const own = [...path, 'packages', index];
      const inner = channels.map((_, at) => [...own, 'channels', at, 'name']);
      return [[...own, 'name'], ...inner].flatMap((one) => mendName(meaning, one, [quotes]));
    });
    return [...mendName(meaning, [...path, 'catalog'], [quotes, address, version]), ...named];
  });
  const images = (mirror.additionalImages ?? []).flatMap((_, index) =>
    mendName(meaning, [top, 'additionalImages', index, 'name'], [quotes, address]),
  );
  return [...releases, ...operators, ...images];
}
