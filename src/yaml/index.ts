/**
 * YAML as oc-mirror and OLM read it: Go's sigs.k8s.io/yaml over go-yaml v2, strict or lenient.
 *
 * The same bytes must mean the same here and there, so the rules of YAML 1.1 as Go has them are law, its oddities
 * included: `y` is a boolean, `010` is eight, a merge key may not be overridden, and only the first document of a
 * file exists. Every node keeps its place. A text past the limits of tokens, depth or aliases is refused like a broken
 * one; no text makes the reader fail in another way. This layer does not know the meaning of the nodes.
 */
export { firstDocument } from './compose.ts';
export * from './edit.ts';
export * from './limits.ts';
export * from './node.ts';
export { readYaml } from './read.ts';
export { resolveScalar } from './scalar.ts';
export { parseYaml, yamlToJson } from './to-json.ts';
