import {
  hostPattern,
  isDigest,
  type NameParts,
  repositoryPattern,
  splitName,
  tagPattern,
} from '../oci/index.ts';

/** The name of an image in signatures and policies: with its host and its whole path; only the tag may be left out. */
export type DockerName = NameParts;

/** The longest name with its host that containers read. */
const longestName = 255;

/** Adds the parts that docker lets people leave out: the host `docker.io`, and `library/` before a single word there. */
function expand(written: string): string {
  const slash = written.indexOf('/');
  const first = written.slice(0, Math.max(0, slash));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const host = slash >= 0 && isHost ? first : 'docker.io';
  const path = slash >= 0 && isHost ? written.slice(slash + 1) : written;
  const known = host === 'index.docker.io' ? 'docker.io' : host;
  return known === 'docker.io' && !path.includes('/')
    ? `${known}/library/${path}`
    : `${known}/${path}`;
}

/**
 * Reads the name of an image as docker writes it; `undefined` when it is none.
 * @see containers/image, docker/reference, "ParseNormalizedNamed"
 */
export function parseDockerName(text: string): DockerName | undefined {
  if (/^[a-f0-9]{64}$/.test(text)) return undefined;
  const { name: written, tag, digest } = splitName(text);
  const name = expand(written);
  const slash = name.indexOf('/');
  const isName =
    hostPattern.test(name.slice(0, slash)) && repositoryPattern.test(name.slice(slash + 1));
  if (!isName || name.length > longestName) return undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  if (digest !== undefined && !isDigest(digest)) return undefined;
  return { name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** Writes a name whole. */
export function formatDockerName({ name, tag, digest }: DockerName): string {
  const tagged = tag === undefined ? name : `${name}:${tag}`;
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}

/**
 * Gives the scopes in which a rule for an image is looked for, the narrowest first.
 *
 * Order: the whole reference, the repository, each namespace above it, the host with its port, then `*.` in place of the first
 * labels of the host, without its port.
 * @see containers-policy.json(5), "docker:"
 */
export function scopesOf(image: DockerName): readonly string[] {
  const parts = image.name.split('/');
  const namespaces = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const labels = (parts[0] ?? '').replace(/:.*$/, '').split('.');
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  return [formatDockerName(image), ...namespaces, ...wildcards];
}
