import { stringify } from 'yaml';
import type { ClusterResourceOptions } from './types.ts';

/** Gives the annotations that every object carries. @see oc-mirror v2, cluster resources */
export function createAnnotations(options: ClusterResourceOptions): Record<string, string> {
  return {
    createdAt: options.createdAt,
    createdBy: 'oc-mirror v2',
    'oc-mirror_version': options.version,
  };
}

/**
 * Formats an object as YAML: keys in alphabetical order, no folding.
 *
 * YAML 1.1 quoting, because that is what the cluster's tools read: a timestamp or `yes` stays a string.
 */
export function formatObject(object: object): string {
  return stringify(object, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
  });
}

/** Formats objects as a YAML stream: `---` before each. */
export function formatObjects(objects: readonly object[]): string {
  return objects.map((object) => `---\n${formatObject(object)}`).join('');
}
