import type { YamlPath } from '../config.ts';

/** A rule of oc-mirror that an image set breaks: its message, and ours. */
export interface Violation {
  readonly code: string;
  /** In oc-mirror's words. */
  readonly message: string;
  readonly summary: string;
  readonly detail: string;
  readonly fix?: string;
  readonly text: string;
  readonly path: YamlPath;
}

/** Prints several messages as one, each once, as Kubernetes does. */
export function aggregate(messages: readonly string[]): string | undefined {
  const distinct = [...new Set(messages)];
  return distinct.length > 1 ? `[${distinct.join(', ')}]` : distinct[0];
}
