import { splitName } from '../oci/index.ts';
import type { ResourceImage, RuleOptions } from './types.ts';

/** A source, and the mirror to which its pulls are led. */
export interface MirrorRule {
  readonly source: string;
  readonly mirror: string;
}

/** An origin, taken apart. */
export interface Origin {
  /** `host[:port]/path`, or a bare path. */
  readonly name: string;
  readonly hasTag: boolean;
  readonly hasDigest: boolean;
}

/** Takes an origin apart. */
export function parseOrigin(origin: string): Origin {
  const { name, tag, digest } = splitName(origin);
  return { name, hasTag: tag !== undefined, hasDigest: digest !== undefined };
}

function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  return tail.every((component, index) => path[path.length - tail.length + index] === component);
}

/**
 * Gives the rule that leads pulls of one image to the target.
 *
 * Shape: where the target's path ends with the source's path, both without their last component (`quay.io/a` to
 * `mirror/prefix/a`, `quay.io` to `mirror/prefix`), so that one rule serves a namespace; else the full names.
 */
export function createRule(image: ResourceImage, options: RuleOptions): MirrorRule {
  const { name } = parseOrigin(image.origin);
  const [, ...sourcePath] = name.split('/');
  const targetPath = image.repository.split('/');
  const wide =
    options.scope === 'namespace' && sourcePath.length > 0 && endsWith(targetPath, sourcePath);
  return wide
    ? {
        source: name.slice(0, name.lastIndexOf('/')),
        mirror: [options.registry, ...targetPath.slice(0, -1)].join('/'),
      }
    : { source: name, mirror: [options.registry, ...targetPath].join('/') };
}
