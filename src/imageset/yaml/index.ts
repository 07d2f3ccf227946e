/**
 * YAML as oc-mirror reads it: Go's sigs.k8s.io/yaml over go-yaml v2, strict.
 *
 * The same bytes must mean the same here and there, so the rules of YAML 1.1 as Go has them are law, its oddities
 * included: `y` is a boolean, `010` is eight, a merge key may not be overridden, and only the first document of a
 * file exists. Every node keeps its place. What the nodes mean is not known here.
 */
export * from './node.ts';
export { readYaml } from './read.ts';
export { resolveScalar, type ScalarValue } from './scalar.ts';
