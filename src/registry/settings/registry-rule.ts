import { RegistryError } from '../../errors.ts';
import type { Endpoint, RegistryRules } from '../options.ts';

/** For which pulls a mirror may be used. */
export type PullRestriction = 'all' | 'digest-only' | 'tag-only';

/** A place that stands in for a rule's registry. */
export interface Mirror {
  readonly location: string;
  readonly insecure: boolean;
  readonly pull: PullRestriction;
}

/** One `[[registry]]` of `registries.conf`. */
export interface RegistryRule {
  /** `host[:port][/path]`, or `*.example.com` for all hosts below a domain. */
  readonly prefix: string;
  /** The text that replaces the prefix; empty: the prefix stays. */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrors: readonly Mirror[];
  /** The file that says so, for messages. */
  readonly file: string;
}

/** Rules that also know which hosts are marked insecure as a whole. */
export interface HostRules extends RegistryRules {
  /** Tells whether a rule about the whole host, or every mirror that lies on it, is marked insecure. */
  isInsecure(registry: string): boolean;
}

/** A name cut in two: what a prefix matched, and the rest (empty, or from `/` or `:port` on). */
interface Match {
  readonly rule: RegistryRule;
  readonly rest: string;
}

/**
 * Finds the rule with the longest prefix of `host[:port][/path]`.
 *
 * Shape: a prefix ends at a path's or the host's end; `*.example.com` matches hosts below the domain, whatever their port.
 * @see containers-registries.conf(5), "Choosing a [[registry]] TOML table"
 */
export function matchRule(rules: readonly RegistryRule[], name: string): Match | undefined {
  let best: Match | undefined;
  for (const rule of rules) {
    const rest = restAfter(name, rule.prefix);
    if (rest === undefined || (best && best.rule.prefix.length >= rule.prefix.length)) continue;
    best = { rule, rest };
  }
  return best;
}

function restAfter(name: string, prefix: string): string | undefined {
  if (prefix.startsWith('*.')) return restAfterDomain(name, prefix.slice(1));
  if (name === prefix) return '';
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length) : undefined;
}

function restAfterDomain(name: string, domain: string): string | undefined {
  for (let at = name.indexOf(domain); at > 0; at = name.indexOf(domain, at + 1)) {
    const rest = name.slice(at + domain.length);
    if (!name.slice(0, at).includes('/') && /^(?:$|[/:])/.test(rest)) return rest;
  }
  return undefined;
}

/** Makes the rules that pulls ask out of the tables of `registries.conf`. */
export function createRegistryRules(rules: readonly RegistryRule[]): HostRules {
  return {
    endpoints(registry, repository, by) {
      const name = `${registry}/${repository}`;
      const match = matchRule(rules, name);
      if (!match) return [{ registry, repository, insecure: false }];
      const mirrors = mirrorsFor(match.rule, by).map((mirror) =>
        rewrite(mirror.location, match.rest, mirror.insecure),
      );
      if (match.rule.blocked && mirrors.length === 0) throw blocked(match.rule, { name, by });
      // "blocked" is said of the location: its mirrors serve all the same.
      if (match.rule.blocked) return mirrors;
      return [
        ...mirrors,
        match.rule.location === ''
          ? { registry, repository, insecure: match.rule.insecure }
          : rewrite(match.rule.location, match.rest, match.rule.insecure),
      ];
    },
    isInsecure(registry) {
      if (matchRule(rules, registry)?.rule.insecure) return true;
      const mirrors = rules
        .flatMap((rule) => rule.mirrors)
        .filter(({ location }) => location.split('/', 1)[0] === registry);
      return mirrors.length > 0 && mirrors.every((mirror) => mirror.insecure);
    },
  };
}

/**
 * Gives the mirrors for a pull. A tag is resolved and then pulled by digest: where the registry is blocked and all its
 * mirrors are for tags, they serve digests too.
 */
function mirrorsFor({ mirrors, blocked: isBlocked }: RegistryRule, by: 'digest' | 'tag') {
  const serving = mirrors.filter(({ pull }) => serves(pull, by));
  return serving.length === 0 && isBlocked && by === 'digest' ? mirrors : serving;
}

function serves(pull: PullRestriction, by: 'digest' | 'tag'): boolean {
  return pull === 'all' || pull === `${by}-only`;
}

function rewrite(location: string, rest: string, insecure: boolean): Endpoint {
  const [registry = '', ...path] = `${location}${rest}`.split('/');
  return { registry, repository: path.join('/'), insecure };
}

function blocked(
  { prefix, file, mirrors }: RegistryRule,
  { name, by }: { readonly name: string; readonly by: 'digest' | 'tag' },
): RegistryError {
  const why = mirrors.length === 0 ? '' : `, and no mirror of that rule serves pulls by ${by}`;
  const message = `${name} is blocked by the rule for "${prefix}" in ${file}${why}.`;
  return new RegistryError('BLOCKED', message, {
    hint: `Take the image out of the configuration, remove "blocked = true" from that rule, or give the rule a mirror that has the image.`,
  });
}
