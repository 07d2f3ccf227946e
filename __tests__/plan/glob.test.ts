import { describe, expect, it } from 'vitest';
import { protector } from '../../src/plan/create-plan.ts';

const place = { repository: 'ocp/openshift/release', tag: '4.16.5-x86_64-cli' };
const origin = 'quay.io:443/acme/tool:1@sha256:0';

function isProtected(pattern: string): boolean {
  const target = { registry: 'registry.example.com', prefix: 'ocp' };
  return protector([pattern], target)(place, origin) === pattern;
}

describe('a protect pattern', () => {
  it.each([
    'ocp/openshift/release:4.16.5-x86_64-cli',
    'ocp/openshift/release',
    'ocp/openshift/release:4.16.*',
    'ocp/*/release:*-cli',
    'ocp/**',
    '**/release:4.16.5-*',
    'registry.example.com/ocp/**',
    'registry.example.com/ocp/openshift/release',
    'quay.io:443/acme/tool',
    'quay.io:443/acme/*',
    'quay.io:443/acme/tool:1@sha256:0',
  ])('names the image as %s', (pattern) => {
    expect(isProtected(pattern)).toBe(true);
  });

  it.each([
    '',
    'ocp/*',
    'openshift/release',
    'ocp/openshift/release:4.16.5-x86_64',
    'ocp/openshift/releas.',
    'ocp/openshift/release:4x16*',
    '[a-z]*/openshift/release',
    'quay.io:443/acme',
  ])('does not name it as "%s"', (pattern) => {
    expect(isProtected(pattern)).toBe(false);
  });
});
