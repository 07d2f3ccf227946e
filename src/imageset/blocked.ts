import { RE2JS } from 're2js';
import type { Placement } from './placement.ts';

function withoutTransport(text: string): string {
  return text.includes('://') ? (text.split('://')[1] ?? '') : text;
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    // A pattern that does not compile is refused where the file is read.
    return undefined;
  }
}

/**
 * Gives the test for images that a configuration blocks.
 *
 * Shape: each pattern is an RE2 expression, unanchored, tried against the origin and against the destination
 * (`host/prefix/path:tag`), both without transport. `registry` is the target's host.
 * @see oc-mirror v2, `blockedImages`
 */
export function blockedImages(
  patterns: readonly { readonly name: string }[],
  registry: string,
): (placement: Placement) => boolean {
  const compiled = patterns.map(({ name }) => compile(name)).filter((found) => found !== undefined);
  return ({ origin, target }) => {
    const destination = `${registry}/${target.repository}:${target.tag}`;
    return compiled.some((pattern) =>
      [withoutTransport(origin), destination].some((text) => pattern.matcher(text).find()),
    );
  };
}
