/** A registry product, as far as its first answer tells. */
export interface Product {
  /** `Harbor`, `Distribution or a product that is built on it`. */
  readonly name: string;
  /** The way to free the bytes that nothing refers to any more. */
  readonly collect: string;
}

/** Gives a header of the first answer by its name in lower case. */
export type HeaderOf = (name: string) => string | undefined;

interface Sign extends Product {
  readonly tells: (header: HeaderOf) => boolean;
}

function says(name: string, pattern: RegExp): Sign['tells'] {
  return (header) => pattern.test(header(name) ?? '');
}

/** Products by a sign in their first answer; the first sign that fits counts. */
const signs: readonly Sign[] = [
  {
    name: 'Harbor',
    tells: (header) =>
      says('www-authenticate', /service="harbor-registry"/)(header) ||
      says('set-cookie', /^sid=/)(header),
    collect: 'Administration > Clean Up > Garbage Collection > GC Now',
  },
  {
    name: 'Artifactory',
    tells: (header) =>
      header('x-jfrog-version') !== undefined || says('server', /artifactory/i)(header),
    collect: 'it collects by itself; at once: POST /artifactory/api/system/storage/gc',
  },
  {
    name: 'Nexus',
    tells: says('server', /nexus/i),
    collect:
      'the tasks "Docker - Delete unused manifests and images", then "Admin - Compact blob store"',
  },
  {
    name: 'GitLab',
    tells: says('www-authenticate', /jwt\/auth/),
    collect: 'sudo gitlab-ctl registry-garbage-collect',
  },
  {
    name: 'Quay',
    tells: (header) =>
      says('www-authenticate', /\/v2\/auth"/)(header) || says('server', /quay/i)(header),
    collect:
      'it collects by itself once the time machine lets go (TAG_EXPIRATION, two weeks by default)',
  },
  {
    name: 'zot',
    tells: (header) => header('zot-version') !== undefined || says('server', /zot/i)(header),
    collect: 'it collects by itself after gcDelay',
  },
  {
    name: 'GitHub Packages',
    tells: says('www-authenticate', /ghcr\.io/),
    collect: 'it collects by itself',
  },
  {
    name: 'Amazon ECR',
    tells: says('www-authenticate', /amazonaws\.com/),
    collect: 'it collects by itself',
  },
  {
    name: 'Azure Container Registry',
    tells: says('www-authenticate', /azurecr\.(io|us|cn)/),
    collect: 'it collects by itself',
  },
  {
    name: 'Distribution or a product that is built on it',
    tells: (header) => header('docker-distribution-api-version') !== undefined,
    collect:
      'stop writes, then: registry garbage-collect /etc/distribution/config.yml, then restart it',
  },
];

const unknown: Product = { name: 'unknown', collect: 'see its manual' };

/** Tells the product of a registry by the headers of its answer to `GET /v2/`. */
export function productOf(header: HeaderOf): Product {
  const { name, collect } = signs.find(({ tells }) => tells(header)) ?? unknown;
  return { name, collect };
}
