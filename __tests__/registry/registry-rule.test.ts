import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRegistryRules,
  matchRule,
  type RegistryRule,
} from '../../src/registry/settings/registry-rule.ts';

const word = fc.constantFrom('a', 'b', 'ab');
const host = fc.constantFrom('a.io', 'b.a.io', 'a.io:5000', 'ba.io', 'a.io.b.io');
const path = fc.array(word, { maxLength: 4 });
const name = fc.tuple(host, path).map(([registry, parts]) => [registry, ...parts].join('/'));
const prefix = fc.oneof(name, fc.constantFrom('*.io', '*.a.io', '*.b.io'));

function rule(text: string): RegistryRule {
  const location = text.startsWith('*.') ? '' : text;
  return { prefix: text, location, insecure: false, blocked: false, mirrors: [], file: 'test' };
}

/** The definition, in words of paths and hosts instead of characters. */
function isBelow(text: string, below: string): boolean {
  const [textHost = '', ...textPath] = text.split('/');
  const [belowHost = '', ...belowPath] = below.split('/');
  if (below.startsWith('*.')) return textHost.replace(/:\d+$/, '').endsWith(below.slice(1));
  return textHost === belowHost && belowPath.every((part, index) => textPath[index] === part);
}

describe('the rule of a repository', () => {
  it('is the one with the longest prefix of all that match', () => {
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 8 }), name, (prefixes, text) => {
        const found = matchRule(prefixes.map(rule), text);
        const matching = prefixes.filter((candidate) => isBelow(text, candidate));
        const longest = Math.max(...matching.map((candidate) => candidate.length));
        if (matching.length === 0) expect(found).toBeUndefined();
        else {
          expect(matching).toContain(found?.rule.prefix);
          expect(found?.rule.prefix).toHaveLength(longest);
        }
      }),
    );
  });

  it('that moves a registry moves nothing but the prefix', () => {
    fc.assert(
      fc.property(name, path, host, (below, rest, location) => {
        const rules = createRegistryRules([{ ...rule(below), location }]);
        const [registry = '', ...repository] = [...below.split('/'), ...rest];
        const [endpoint] = rules.endpoints(registry, repository.join('/'), 'tag');
        expect(endpoint).toEqual({
          registry: location,
          repository: rest.join('/'),
          insecure: false,
        });
      }),
    );
  });
});
