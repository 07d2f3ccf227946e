import { describe, expect, it } from 'vitest';
import { productOf } from '../../src/registry/product.ts';

const distribution = { 'docker-distribution-api-version': 'registry/2.0' };
const bearer = (realm: string, service = 'x') => ({
  ...distribution,
  'www-authenticate': `Bearer realm="${realm}",service="${service}"`,
});

describe('a product', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['Harbor', bearer('https://reg/service/token', 'harbor-registry')],
    ['Harbor', { ...distribution, 'set-cookie': 'sid=1; Path=/' }],
    ['Artifactory', { ...distribution, 'x-jfrog-version': 'Artifactory/7.90.1' }],
    ['Nexus', { ...distribution, server: 'Nexus/3.76.0 (OSS)' }],
    ['GitLab', bearer('https://gitlab.example.com/jwt/auth', 'container_registry')],
    ['Quay', bearer('https://quay.example.com/v2/auth', 'quay.example.com')],
    ['zot', { ...distribution, 'zot-version': '2.1' }],
    ['GitHub Packages', bearer('https://ghcr.io/token', 'ghcr.io')],
    ['Amazon ECR', bearer('https://1.dkr.ecr.eu-west-1.amazonaws.com/', 'ecr.amazonaws.com')],
    ['Azure Container Registry', bearer('https://acme.azurecr.io/oauth2/token', 'acme.azurecr.io')],
    ['Distribution or a product that is built on it', distribution],
    ['unknown', {}],
  ])('is known as %s by the headers %j', (name, headers) => {
    expect(productOf((header) => headers[header])).toMatchObject({
      name,
      collect: expect.stringMatching(/./),
    });
  });
});
