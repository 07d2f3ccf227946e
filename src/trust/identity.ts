import type { JsonObject } from '../base/index.ts';
import { hostPattern, repositoryPattern } from '../oci/index.ts';
import { type DockerName, formatDockerName, parseDockerName } from './docker-name.ts';
import { checkKeys, type FaultMaker, readTextField } from './strict-json.ts';

/** The names that a signature may give to an image. @see containers-policy.json(5), "signedIdentity" */
export type IdentityRule =
  | { readonly type: 'matchExact' | 'matchRepoDigestOrExact' | 'matchRepository' }
  | { readonly type: 'exactReference'; readonly dockerReference: string }
  | { readonly type: 'exactRepository'; readonly dockerRepository: string }
  | { readonly type: 'remapIdentity'; readonly prefix: string; readonly signedPrefix: string };

/** The rule of a requirement that names none. */
export const usualIdentity: IdentityRule = { type: 'matchRepoDigestOrExact' };

function isBare({ tag, digest }: DockerName): boolean {
  return tag === undefined && digest === undefined;
}

function isSame(one: DockerName, other: DockerName): boolean {
  return !isBare(one) && formatDockerName(one) === formatDockerName(other);
}

/** Compares names. The repository is enough for an image that is asked for by digest: digests are compared elsewhere. */
function matchRepoDigestOrExact(intended: DockerName, signed: DockerName): boolean {
  if (isBare(signed) || isBare(intended)) return false;
  return intended.tag === undefined ? intended.name === signed.name : isSame(intended, signed);
}

function remap(image: DockerName, prefix: string, signedPrefix: string): DockerName | undefined {
  if (image.name !== prefix && !image.name.startsWith(`${prefix}/`)) return image;
  const name = `${signedPrefix}${image.name.slice(prefix.length)}`;
  const parsed = parseDockerName(name);
  // The new name has to be whole: a host or "library/" is not added to it.
  return parsed?.name === name ? { ...image, name } : undefined;
}

function matches(rule: IdentityRule, intended: DockerName, signed: DockerName): boolean {
  switch (rule.type) {
    case 'matchExact':
      return isSame(intended, signed);
    case 'matchRepoDigestOrExact':
      return matchRepoDigestOrExact(intended, signed);
    case 'matchRepository':
      return intended.name === signed.name;
    case 'exactReference': {
      const exact = parseDockerName(rule.dockerReference);
      return exact !== undefined && isSame(exact, signed);
    }
    case 'exactRepository':
      return parseDockerName(rule.dockerRepository)?.name === signed.name;
    case 'remapIdentity': {
      const mapped = remap(intended, rule.prefix, rule.signedPrefix);
      return mapped !== undefined && matchRepoDigestOrExact(mapped, signed);
    }
  }
}

/** Tells whether a rule accepts the name in a signature for the name by which an image was asked for. */
export function acceptsIdentity(rule: IdentityRule, intended: DockerName, signed: string): boolean {
  const name = parseDockerName(signed);
  return name !== undefined && matches(rule, intended, name);
}

function checkPrefix(prefix: string, fault: FaultMaker): string {
  const [host = '', ...path] = prefix.split('/');
  const isName = path.length === 0 || repositoryPattern.test(path.join('/'));
  if (hostPattern.test(host) && isName) return prefix;
  throw fault(`the prefix "${prefix}" is not a host with or without a path`);
}

/** Reads a `signedIdentity`. @throws the error that `fault` makes */
export function readSignedIdentity(value: JsonObject, fault: FaultMaker): IdentityRule {
  const { type } = value;
  const only = (...needed: readonly string[]) =>
    checkKeys(value, { needed: ['type', ...needed] }, fault);
  switch (type) {
    case 'matchExact':
    case 'matchRepoDigestOrExact':
    case 'matchRepository':
      only();
      return { type };
    case 'exactReference': {
      only('dockerReference');
      const dockerReference = readTextField(value, 'dockerReference', fault);
      const name = parseDockerName(dockerReference);
      if (name && !isBare(name)) return { type, dockerReference };
      throw fault(`"${dockerReference}" is not a reference with a tag or a digest`);
    }
    case 'exactRepository': {
      only('dockerRepository');
      const dockerRepository = readTextField(value, 'dockerRepository', fault);
      if (parseDockerName(dockerRepository)) return { type, dockerRepository };
      throw fault(`"${dockerRepository}" is not a repository`);
    }
    case 'remapIdentity': {
      only('prefix', 'signedPrefix');
      const prefix = checkPrefix(readTextField(value, 'prefix', fault), fault);
      return {
        type,
        prefix,
        signedPrefix: checkPrefix(readTextField(value, 'signedPrefix', fault), fault),
      };
    }
    default:
      throw fault(`"${String(type)}" is no kind of signedIdentity`);
  }
}
