import { ConfigError } from '../errors.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * A place in a registry: host (and port), repository path, and a tag or a digest or both; a digest wins.
 *
 * Nothing is defaulted: no `docker.io`, no `library/`, no `latest`.
 */
export interface Reference {
  /** `host` or `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** The grammar of a repository path. @see distribution-spec v1.1, "Pulling manifests" */
export const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

/** The grammar of a tag. */
export const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** The grammar of a host with an optional port. */
export const hostPattern =
  /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?$/;

function invalid(text: string, why: string): ConfigError {
  return new ConfigError('REFERENCE_INVALID', `"${text}" is not a reference: ${why}.`);
}

/** The parts of a name as they are written; nothing is checked. */
export interface NameParts {
  /** All that stands before tag and digest. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Cuts `name[:tag][@digest]`; a colon before the last slash belongs to the port of a host. */
export function splitName(text: string): NameParts {
  const at = text.indexOf('@');
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  return {
    name: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag && { tag: tagged.slice(colon + 1) }),
    ...(at >= 0 && { digest: text.slice(at + 1) }),
  };
}

/**
 * Reads `host[:port]/path[:tag][@digest]`, with an optional `docker://` in front.
 * @throws ConfigError `REFERENCE_INVALID`, saying which part is wrong.
 */
export function parseReference(text: string): Reference {
  const bare = text.replace(/^docker:\/\//, '');
  const slash = bare.indexOf('/');
  if (slash < 0) throw invalid(text, 'it has no registry host');
  const registry = bare.slice(0, slash);
  if (!hostPattern.test(registry)) throw invalid(text, `"${registry}" is no host`);
  const { name, tag, digest } = splitName(bare.slice(slash + 1));
  if (!repositoryPattern.test(name)) throw invalid(text, `"${name}" is no repository`);
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text, `"${tag}" is no tag`);
  if (digest !== undefined && !isDigest(digest)) {
    throw invalid(text, `"${digest}" is no digest`);
  }
  return {
    registry,
    repository: name,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** Writes a reference, without a transport. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/**
 * Gives the tag under which registries without the referrers API list the referrers of a digest.
 *
 * Shape: algorithm cut at 32 characters, `-`, hex cut at 64.
 * @see distribution-spec v1.1, "Referrers Tag Schema"
 */
export function referrersTag(digest: Digest): string {
  const colon = digest.indexOf(':');
  return `${digest.slice(0, Math.min(colon, 32))}-${digest.slice(colon + 1, colon + 65)}`;
}
