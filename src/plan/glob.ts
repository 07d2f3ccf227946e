import type { TargetPlace } from '../imageset/index.ts';
import { splitName } from '../oci/index.ts';
import type { PlanTarget } from './types.ts';

function matcher(glob: string): RegExp {
  const parts = glob.split(/(\*+)/).map((part) => {
    if (part === '*') return '[^/]*';
    return part.startsWith('*') ? '.*' : part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

/**
 * Makes the test for `protect`: gives the first pattern that names an image.
 *
 * Shape: `*` stands for anything within a path segment (the tag belongs to the last one), `**` for anything. A pattern is
 * tried against `repository:tag`, the same with the target's registry in front, and the origin. A pattern without a tag
 * names all tags.
 */
export function protector(
  patterns: readonly string[],
  target: PlanTarget,
): (place: TargetPlace, origin: string) => string | undefined {
  const matchers = patterns.map((pattern) => ({ pattern, expression: matcher(pattern) }));
  return ({ repository, tag }, origin) => {
    const local = [`${repository}:${tag}`, repository];
    const names = [...local, ...local.map((name) => `${target.registry}/${name}`)];
    names.push(origin, splitName(origin).name);
    return matchers.find(({ expression }) => names.some((name) => expression.test(name)))?.pattern;
  };
}
