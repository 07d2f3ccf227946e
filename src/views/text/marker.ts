/** Which run wrote a comment: a digest in it is a review only together with this. */
export interface RunMark {
  /** Key of the target and the image sets. */
  readonly key: string;
  /** Head commit of the pull request. */
  readonly head?: string | undefined;
  /** `<run id>-<attempt>` */
  readonly run?: string | undefined;
}

/** The content of the hidden first line of a comment: its target, its author, and the whole digest of the plan that it shows. */
export interface CommentMarker extends Partial<RunMark> {
  readonly target: string;
  /** Absent when the comment shows no plan that could be approved. */
  readonly plan: string | undefined;
}

/** A comment of HTML must not hold two hyphens, and the marker no space. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('-', '%2D')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Writes the marker: one line, invisible where Markdown is shown. */
export function formatCommentMarker({ target, plan, key, head, run }: CommentMarker): string {
  const facts = Object.entries({ key, head, run, plan })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  return `<!-- ${['imageset-mirror', `target=${encode(target)}`, ...facts].join(' ')} -->`;
}

const digestPattern = 'sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})';

const markerPattern = new RegExp(
  `^<!-- imageset-mirror target=(?<target>\\S*)(?: key=(?<key>[0-9a-z-]+))?(?: head=(?<head>[0-9a-f]{40,64}))?` +
    `(?: run=(?<run>\\d+-\\d+))?(?: plan=(?<plan>${digestPattern}))? -->(?:\\r?\\n|$)`,
);

/**
 * Reads the marker of a comment, `undefined` when it has none.
 *
 * Only the first line counts. The rest of a comment shows names from outside and is never read.
 */
export function parseCommentMarker(body: string): CommentMarker | undefined {
  const { target, plan, key, head, run } = markerPattern.exec(body)?.groups ?? {};
  const decoded = target === undefined ? undefined : decode(target);
  if (decoded === undefined) return undefined;
  return { target: decoded, plan, head, run, ...(key !== undefined && { key }) };
}
