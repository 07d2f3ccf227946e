import { checkLimit, type JsonObject, readWithin } from '../base/index.ts';
import { ConfigError, MirrorError, messageOf } from '../errors.ts';
import { type DockerName, scopesOf } from './docker-name.ts';
import { trustLimits } from './limits.ts';
import { type Requirement, readRequirement } from './requirement.ts';
import { checkKeys, type FaultMaker, parseStrictObject, readObjectField } from './strict-json.ts';

/** The files of a trust policy; an empty path stands for the usual places of containers. */
export interface TrustFiles {
  /** Path of a `policy.json`. */
  readonly policy: string;
  /** Directory of `registries.d`. */
  readonly registriesDirectory: string;
}

/** Requirements, all of which have to be met. */
export type Requirements = readonly Requirement[];

/** A trust policy. */
export interface TrustPolicy {
  /** Its path, for messages. */
  readonly file: string;
  readonly default: Requirements;
  /** Requirements by transport and scope; the scope "" is the default of a transport. */
  readonly transports: ReadonlyMap<string, ReadonlyMap<string, Requirements>>;
}

/** The requirements that an image has to meet, and where they stand. */
export interface ChosenRule {
  /** `transports.docker["quay.io/openshift-release-dev"]`, or `default`. */
  readonly where: string;
  readonly requirements: Requirements;
}

function readRequirements(value: unknown, fault: FaultMaker): Requirements {
  if (!Array.isArray(value) || value.length === 0) {
    throw fault('it is not a list with at least one requirement');
  }
  return value.map((one: unknown, index) =>
    readRequirement(one, (why) => fault(`requirement ${index + 1}: ${why}`)),
  );
}

function readScopes(scopes: JsonObject, where: string, fault: FaultMaker) {
  const read = Object.entries(scopes).map(
    ([scope, value]) =>
      [scope, readRequirements(value, (why) => fault(`${where}["${scope}"]: ${why}`))] as const,
  );
  return new Map(read);
}

/**
 * Reads a trust policy; `file` is its path, for messages.
 *
 * Shape: `default` and `transports`, exactly as containers read them. A key that is unknown or stands twice is refused, because a
 * rule that is read differently from how it was meant protects nothing.
 * @throws ConfigError `CONFIG_INVALID` that names the file and the place in it; ContentError `TOO_LARGE`
 * @see containers-policy.json(5)
 */
export function parseTrustPolicy(text: string, file: string): TrustPolicy {
  checkLimit(file, text.length, trustLimits.policy);
  const fault = (why: string) =>
    new ConfigError('CONFIG_INVALID', `${file} is not a trust policy: ${why}.`, {
      at: { file, line: 1, column: 1 },
      hint: 'containers-policy.json(5) describes the format.',
    });
  const object = parseStrictObject(text, file, fault);
  checkKeys(object, { needed: ['default'], known: ['transports'] }, fault);
  const transports = 'transports' in object ? readObjectField(object, 'transports', fault) : {};
  const read = Object.keys(transports).map((name) => {
    const scopes = readObjectField(transports, name, fault);
    return [name, readScopes(scopes, `transports.${name}`, fault)] as const;
  });
  return {
    file,
    default: readRequirements(object['default'], (why) => fault(`default: ${why}`)),
    transports: new Map(read),
  };
}

/**
 * Reads the file of a trust policy.
 * @throws ConfigError `INPUT_INVALID` when it cannot be read, `CONFIG_INVALID` when it is no policy; ContentError `TOO_LARGE`
 */
export async function loadTrustPolicy(file: string): Promise<TrustPolicy> {
  let text: string;
  try {
    text = (await readWithin(file, trustLimits.policy)).toString();
  } catch (cause) {
    if (cause instanceof MirrorError) throw cause;
    throw new ConfigError('INPUT_INVALID', `The trust policy cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: 'Name a file in the format of containers-policy.json(5).',
    });
  }
  return parseTrustPolicy(text, file);
}

function chooseIn(policy: TrustPolicy, transport: string, scopes: readonly string[]): ChosenRule {
  const rules = policy.transports.get(transport);
  for (const scope of [...scopes, '']) {
    const requirements = rules?.get(scope);
    if (requirements) return { where: `transports.${transport}["${scope}"]`, requirements };
  }
  return { where: 'default', requirements: policy.default };
}

/** Chooses the requirements for an image of a registry: those of the narrowest scope alone. */
export function chooseRule(policy: TrustPolicy, image: DockerName): ChosenRule {
  return chooseIn(policy, 'docker', scopesOf(image));
}

/** Chooses the requirements for an image layout on disk, by its directory or the nearest above it. */
export function chooseLayoutRule(policy: TrustPolicy, directory: string): ChosenRule {
  const parts = directory.split('/').filter((part) => part !== '');
  const above = parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`);
  return chooseIn(policy, 'oci', above);
}
