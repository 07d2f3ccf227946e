import { ConfigError } from '../errors.ts';
import {
  type Digest,
  isDigest,
  parseReference,
  repositoryPattern,
  tagPattern,
} from '../oci/index.ts';
import type { Source } from './placement.ts';

/**
 * An image as oc-mirror reads it out of a configuration.
 *
 * Unlike a `Reference` it may lack a registry (`img:1`), name another transport (`oci:///srv/img`), and is not checked
 * beyond what oc-mirror checks, so that both tools name the same places.
 */
export interface ImageSpec {
  /** `docker://`, `oci://`, … */
  readonly transport: string;
  /** As written, without the transport. */
  readonly reference: string;
  /** First component of a Docker name with more than one; empty otherwise. */
  readonly domain: string;
  readonly path: string;
  readonly tag: string;
  readonly digest: Digest | undefined;
}

/** The transport of registries. */
export const dockerTransport = 'docker://';

/** The transport of image layouts: directories of this machine. */
export const layoutTransport = 'oci://';

function invalid(message: string): ConfigError {
  return new ConfigError('REFERENCE_INVALID', message, {
    hint: 'Write host/path:tag or host/path@sha256:<digest>; there is no implicit "latest".',
  });
}

function splitTransport(text: string): readonly [transport: string, reference: string] {
  if (!text.includes('://')) return [dockerTransport, text];
  const [transport = '', reference = '', ...more] = text.split('://');
  return more.length > 0 ? ['', ''] : [`${transport}://`, reference];
}

/** As oc-mirror cuts a name, unlike `splitName`: every colon behind the first slash begins a tag. */
function splitTag(name: string): readonly [name: string, tag: string] {
  const [colon, slash] = [name.lastIndexOf(':'), name.indexOf('/')];
  if (colon < 0 || slash === 0 || (slash > 0 && colon < slash)) return [name, ''];
  return [name.slice(0, colon), name.slice(colon + 1)];
}

/**
 * Reads an image of a configuration.
 *
 * Shape: `[transport://]name[:tag][@digest]`; Docker names need a tag or a digest.
 * @throws ConfigError `REFERENCE_INVALID`, in oc-mirror's words.
 * @see oc-mirror v2, image reference parsing
 */
export function parseImageSpec(text: string): ImageSpec {
  const [transport, reference] = splitTransport(text);
  const [bare = '', digest] = reference.split('@');
  if (digest !== undefined && !isDigest(digest)) {
    throw invalid(`${text} unable to parse image correctly : invalid digest`);
  }
  const isDocker = transport === dockerTransport;
  const [name, tag] = isDocker ? splitTag(bare) : [bare, ''];
  if (name === '') throw invalid('unknown image : reference name is empty');
  if (isDocker && tag === '' && digest === undefined) {
    throw invalid(`${text} unable to parse image correctly : tag and digest are empty`);
  }
  const slash = isDocker ? name.indexOf('/') : -1;
  return {
    transport,
    reference,
    domain: slash < 0 ? '' : name.slice(0, slash),
    path: name.slice(slash + 1),
    tag,
    digest,
  };
}

/** Gives the reason in a refusal that is in oc-mirror's words: `invalid digest`. */
export function refusalReason(error: string): string {
  return error.replace(/^.* unable to parse image correctly : /s, '');
}

/** Reads an image of a configuration, or gives the error with which oc-mirror refuses it. */
export function readImageSpec(
  text: string,
):
  | { readonly spec: ImageSpec; readonly error?: undefined }
  | { readonly spec?: undefined; readonly error: ConfigError } {
  try {
    return { spec: parseImageSpec(text) };
  } catch (thrown) {
    if (thrown instanceof ConfigError) return { error: thrown };
    throw thrown;
  }
}

/**
 * Gives the place that a Docker name is pulled from.
 *
 * As everywhere in that world, a first component without a dot, a port or `localhost` is no host: the image lies on
 * `docker.io`, below `library/` when the name has only one component.
 */
export function pullSource(spec: ImageSpec): Source {
  const isHost = /[.:A-Z]/.test(spec.domain) || spec.domain === 'localhost';
  const full = spec.domain === '' ? `library/${spec.path}` : `${spec.domain}/${spec.path}`;
  return {
    registry: isHost ? spec.domain : 'docker.io',
    repository: isHost ? spec.path : full,
    ...(spec.tag !== '' && { tag: spec.tag }),
    ...(spec.digest !== undefined && { digest: spec.digest }),
  };
}

/** Says what keeps a registry from taking a name; `undefined` when nothing does. */
export function grammarFault(place: {
  readonly repository: string;
  readonly tag?: string | undefined;
}): string | undefined {
  if (!repositoryPattern.test(place.repository)) return `"${place.repository}" is no repository`;
  if (place.tag !== undefined && !tagPattern.test(place.tag)) return `"${place.tag}" is no tag`;
  return undefined;
}

/** Characters that a text processor or a web page puts in place of quotes, blanks and colons. */
const typographic = /[\u00a0\u200b\u2018-\u201f\u00ab\u00bb\uff1a]/;

/** Says that a name holds a character which a text processor made; `undefined` when it does not. */
export function typographicFault(name: string): string | undefined {
  const [found] = typographic.exec(name) ?? [];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase();
  return `"${name}" holds the character U+${code}, as text processors and web pages write quotes, blanks and colons. No name has it: type it again.`;
}

/** Says what is wrong with a reference that oc-mirror can split; a single name is for the collector. */
export function grammarError(name: string): string | undefined {
  const odd = typographicFault(name);
  if (odd !== undefined) return odd;
  const bare = name.replace(/^docker:\/\//, '');
  if (/^https?:/.test(bare)) return `"${name}" is the address of a page, not the name of an image.`;
  if (bare.includes('://') || !bare.includes('/')) return undefined;
  try {
    parseReference(bare);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message;
    throw thrown;
  }
}
