import { describe, expect, it } from 'vitest';
import { createTrustJudge, parseTrustPolicy } from '../../src/trust/index.ts';
import { memoryRegistry } from '../support/memory-registry.ts';
import {
  lookasideFiles,
  type PushedCase,
  policyOf,
  pushTrustCases,
} from '../support/trust-cases.ts';

const registry = memoryRegistry();
const cases = await pushTrustCases(registry, 'registry.example.com:5000');
const lookaside = lookasideFiles(cases);

/** Serves the lookaside. */
async function get(url: string) {
  const body = lookaside.get(
    decodeURIComponent(new URL(url).pathname.slice('/signatures/'.length)),
  );
  return { status: body ? 200 : 404, body: body ?? new Uint8Array(), contentType: undefined };
}

async function judge(one: PushedCase): Promise<string> {
  const policy = parseTrustPolicy(policyOf(one), 'policy.json');
  const stored = new Map<string, Uint8Array>();
  const cache = {
    get: async (digest: string) => stored.get(digest),
    put: async (digest: string, bytes: Uint8Array) => void stored.set(digest, bytes),
  };
  const decide = createTrustJudge({
    policy,
    now: () => new Date(),
    search: {
      places: {
        usual: { lookaside: 'https://lookaside.example.com/signatures' },
        scopes: new Map(),
      },
      cache,
      get,
    },
  });
  const { host, repository, digest, tag } = one;
  const name = { name: `${host}/${repository}`, ...(tag === undefined ? { digest } : { tag }) };
  try {
    await decide({ name, digest, repository: registry.repository(host, repository) });
    return 'accepted';
  } catch (thrown) {
    return String(thrown);
  }
}

describe('an image that was signed by', () => {
  it.each(cases.map((one) => [one.title, one] as const))(
    '%s is judged as by containers',
    async (_, one) => {
      const verdict = await judge(one);
      if (one.verdict === 'accepted') expect(verdict).toBe('accepted');
      else expect(verdict).toMatch(one.verdict);
    },
  );
});
