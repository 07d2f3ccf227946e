import type { Diagnostic } from '../../src/diagnostic.ts';
import type { Cause, ReleaseId } from '../../src/imageset/index.ts';
import { type Digest, digestOf, mediaTypes } from '../../src/oci/index.ts';
import type { Action, Change, ChangeFacts, Decision, Plan } from '../../src/plan/index.ts';
import type { ChannelGraph } from '../../src/release/index.ts';

const encoder = new TextEncoder();

/** The digest of a text. */
export function digestFor(text: string): Digest {
  return digestOf(encoder.encode(text));
}

const names = [
  'agent-installer-api-server cli cli-artifacts cluster-autoscaler cluster-dns-operator',
  'cluster-etcd-operator cluster-ingress-operator cluster-version-operator console coredns',
  'docker-builder docker-registry etcd haproxy-router hyperkube installer ironic kube-proxy',
  'machine-api-operator machine-config-operator machine-os-images multus-cni must-gather',
  'oauth-proxy oauth-server oc-mirror openshift-apiserver ovn-kubernetes pod prometheus',
  'prometheus-operator rhel-coreos service-ca-operator tests thanos tools',
]
  .join(' ')
  .split(' ');

/** The 191 components of a release: known names first, then numbered ones. */
export const components: readonly string[] = Array.from(
  { length: 191 },
  (_, index) => names[index] ?? `component-${String(index).padStart(3, '0')}`,
);

/** An x86_64 release. */
export function releaseOf(version: string): ReleaseId {
  return {
    version,
    architecture: 'amd64',
    channel: `stable-${version.split('.').slice(0, 2).join('.')}`,
    digest: digestFor(`release ${version}`),
  };
}

/** The line of the configuration that asks for something. */
export function causeAt(line: number, path = 'mirror.platform.channels[0]'): Cause {
  const file = 'imageset-config.yaml';
  return { imageSet: file, path, at: { file, line, column: 7 } };
}

type Told<One> = One extends { readonly source: string }
  ? Omit<One, 'source'> & { readonly source?: string }
  : One;

/** The fate of an image, and facts that differ from those of the story; a source may be left out. */
export type Facts = Told<Decision> & Partial<ChangeFacts>;

/** Makes the change of one component of a release; the content is named after `content` or the version. */
export function componentChange(
  version: string,
  component: string,
  facts: Facts & { readonly content?: string },
): Change {
  const { content = version, ...rest } = facts;
  const digest = digestFor(`${component} ${content}`);
  const size = 4_000_000 + component.length * 1_300_000;
  const bytes = facts.action === 'mirror' || facts.action === 'delete' ? size : 0;
  return {
    kind: 'ocpReleaseContent',
    repository: 'openshift/release',
    tag: `${version}-x86_64-${component}`,
    digest,
    mediaType: mediaTypes.dockerManifest,
    origin: `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${digest}`,
    causes: [causeAt(7)],
    release: releaseOf(version),
    component,
    size,
    bytes,
    ...rest,
  };
}

/** Makes the change of the release image itself. */
export function releaseChange(version: string, facts: Facts): Change {
  return {
    ...componentChange(version, 'release', facts),
    kind: 'ocpRelease',
    repository: 'openshift/release-images',
    tag: `${version}-x86_64`,
    digest: releaseOf(version).digest,
    origin: `quay.io/openshift-release-dev/ocp-release:${version}-x86_64`,
  };
}

/** Makes the change of an additional image `repository:tag`. */
export function imageChange(key: string, facts: Facts): Change {
  const colon = key.lastIndexOf(':');
  const bytes = ['mirror', 'retag', 'delete'].includes(facts.action) ? 24_000_000 : 0;
  return {
    kind: 'generic',
    repository: key.slice(0, colon),
    tag: key.slice(colon + 1),
    digest: digestFor(key),
    mediaType: mediaTypes.ociManifest,
    origin: `quay.io/${key}`,
    causes: [causeAt(12, 'mirror.additionalImages[0]')],
    size: 24_000_000,
    bytes,
    ...facts,
  };
}

/** Every image of a release with the same facts. */
export function wholeRelease(version: string, facts: Facts): Change[] {
  return [
    ...components.map((component) => componentChange(version, component, facts)),
    releaseChange(version, facts),
  ];
}

function sum(changes: readonly Change[], actions: readonly Action[], of: 'bytes' | 'size'): number {
  return changes
    .filter(({ action }) => actions.includes(action))
    .reduce((total, change) => total + change[of], 0);
}

function totalsOf(changes: readonly Change[]): Plan['totals'] {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return {
    mirror: count('mirror'),
    retag: count('retag'),
    keep: count('keep'),
    delete: count('delete'),
    untag: count('untag'),
    hold: count('hold'),
    bytesToMirror: sum(changes, ['mirror', 'retag'], 'bytes'),
    bytesToFree: sum(changes, ['delete'], 'bytes'),
    bytesKept: sum(changes, ['keep'], 'size'),
    bytesAreExact: true,
  };
}

/** A plan of these changes, between two commits; its digest is that of `called`. */
export function planWith(
  called: string,
  changes: readonly Change[],
  facts: Partial<Plan> = {},
): Plan {
  const file = 'imageset-config.yaml';
  return {
    formatVersion: '1.1',
    digest: digestFor(called),
    tool: 'imageset-mirror 0.1.0',
    target: { registry: 'registry.example.com:8443', prefix: '' },
    base: { commit: '8b2e441d'.padEnd(40, '0'), from: 'state' },
    head: { commit: 'c01d9aae'.padEnd(40, '0'), from: 'event' },
    options: { prune: 'removed', maxDelete: { share: 0.5 }, protect: [] },
    imageSets: [{ name: file, digest: digestFor(file) }],
    speaksFor: [file],
    edits: [],
    changes: changes.toSorted((a, b) =>
      `${a.repository}\0${a.tag}` < `${b.repository}\0${b.tag}` ? -1 : 1,
    ),
    releases: { added: [], removed: [], kept: [] },
    graphs: [],
    resources: [],
    diagnostics: [],
    totals: totalsOf(changes),
    ...facts,
  };
}

/** A graph in which every version leads to every later one, but for what `without` names as `from>to`. */
export function graphOf(
  channel: string,
  versions: readonly string[],
  without: readonly string[] = [],
): ChannelGraph {
  const edges = versions.flatMap((from, index) =>
    versions.slice(index + 1).map((to): readonly [string, string] => [from, to]),
  );
  return {
    channel,
    architecture: 'amd64',
    versions,
    edges: edges.filter(([from, to]) => !without.includes(`${from}>${to}`)),
  };
}

/** Raising minVersion from 4.16.5 to 4.16.6: of 192 images 60 are shared and one is held by a foreign tag. */
export function oneReleaseGoes(): Plan {
  const gone = components.map((component, index) => {
    if (index < 60) {
      return componentChange('4.16.5', component, {
        action: 'untag',
        reason: 'shared',
        content: '4.16.6',
        holders: [{ kind: 'placement', name: `openshift/release:4.16.6-x86_64-${component}` }],
      });
    }
    if (index === 60) {
      return componentChange('4.16.5', component, {
        action: 'hold',
        reason: 'foreign-tag',
        holders: [{ kind: 'tag', name: 'openshift/release:hand-made' }],
      });
    }
    return componentChange('4.16.5', component, { action: 'delete', reason: 'removed' });
  });
  const changes = [
    ...gone,
    releaseChange('4.16.5', { action: 'delete', reason: 'removed' }),
    ...wholeRelease('4.16.6', { action: 'keep', reason: 'mirrored' }),
  ];
  return planWith('one release goes', changes, {
    edits: [
      {
        imageSet: 'imageset-config.yaml',
        path: 'mirror.platform.channels[0].minVersion',
        from: '4.16.5',
        to: '4.16.6',
        at: { file: 'imageset-config.yaml', line: 8, column: 21 },
      },
    ],
    releases: { added: [], removed: [releaseOf('4.16.5')], kept: [releaseOf('4.16.6')] },
    graphs: [graphOf('stable-4.16', ['4.16.3', '4.16.4', '4.16.5', '4.16.6', '4.16.7'])],
  });
}

/** minVersion 4.16.5 → 4.16.6 and a new 4.16.7, where upstream knows risks of the updates, some with hostile names. */
export function updatesHaveRisks(): Plan {
  const crash = {
    name: 'KernelPanics',
    message: 'Nodes with AMD CPUs (Milan, etc.) may panic. A fix is under way.',
    url: 'https://issues.redhat.com/browse/COS-1',
  };
  const slow = {
    name: 'HighLoad',
    message: 'The control plane gets slow.',
    url: 'https://issues.redhat.com/browse/MCO-2',
    always: true,
  } as const;
  const evil = hostileNames.map((text) => ({ name: text, message: text, url: text }));
  const plan = oneReleaseGoes();
  const [graph] = plan.graphs;
  const conditional = [
    { edges: [['4.16.5', '4.16.6']], risks: [crash] },
    { edges: [['4.16.6', '4.16.7']], risks: [slow, crash] },
    { edges: [['4.16.5', '4.16.7']], risks: [crash, ...evil] },
  ] as const;
  return {
    ...plan,
    releases: { ...plan.releases, added: [releaseOf('4.16.7')] },
    graphs: graph ? [{ ...graph, conditional }] : [],
  };
}

/** The same push again. */
export function nothingChanges(): Plan {
  const changes = ['4.16.5', '4.16.6'].flatMap((version) =>
    wholeRelease(version, { action: 'keep', reason: 'mirrored' }),
  );
  return planWith('nothing changes', changes, {
    releases: { added: [], removed: [], kept: ['4.16.5', '4.16.6'].map(releaseOf) },
  });
}

/** The first run: two releases and an additional image. */
export function everythingIsNew(): Plan {
  const source = 'quay.io/openshift-release-dev/ocp-v4.0-art-dev';
  const changes = [
    ...wholeRelease('4.16.5', { action: 'mirror', reason: 'wanted', source }),
    ...wholeRelease('4.16.6', { action: 'mirror', reason: 'wanted', source }).map(
      (change, index) => (index < 60 ? { ...change, bytes: 0 } : change),
    ),
    imageChange('ubi9/ubi:latest', {
      action: 'mirror',
      reason: 'wanted',
      source: 'quay.io/ubi9/ubi',
    }),
  ];
  return planWith('everything is new', changes, {
    base: { from: 'none' },
    releases: { added: ['4.16.5', '4.16.6'].map(releaseOf), removed: [], kept: [] },
    graphs: [graphOf('stable-4.16', ['4.16.5', '4.16.6'])],
    resources: [
      {
        kind: 'ImageDigestMirrorSet',
        name: 'idms-release-0',
        source: 'quay.io/openshift-release-dev/ocp-release',
        to: ['registry.example.com:8443/openshift/release-images'],
      },
      {
        kind: 'ImageTagMirrorSet',
        name: 'itms-generic-0',
        source: 'quay.io/ubi9',
        to: ['registry.example.com:8443/ubi9'],
      },
    ],
  });
}

/** Findings with everything that a finding can have. */
export const findings: readonly Diagnostic[] = [
  {
    severity: 'warning',
    code: 'moving-tag',
    summary: 'The image is named by a tag that moves.',
    detail:
      'Every plan pins what the tag names at that time; name a digest to mirror the same content always.',
    text: 'registry.access.redhat.com/ubi9/ubi:latest',
    at: { file: 'imageset-config.yaml', line: 12, column: 13 },
  },
  {
    severity: 'error',
    code: 'empty-range',
    summary: 'No release lies in the range.',
    detail: 'minVersion 4.17.0 is higher than maxVersion 4.16.6 of channel stable-4.16.',
    text: 'minVersion: 4.17.0',
    fix: 'channels:\n  - name: stable-4.16\n    minVersion: 4.16.6\n    maxVersion: 4.16.6',
    at: { file: 'imageset-config.yaml', line: 8, column: 21 },
  },
];

/** Names that try to be Markdown, HTML, commands of a runner, mentions, and to hide. */
export const hostileNames: readonly string[] = [
  '`ticks` and ``more``',
  'a|b|c',
  'back\\slash\\|pipe',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '::error file=a,line=1::boo',
  '##[error]boo',
  'line\nbreak\r\nand ::warning::x',
  '\u202egnp.exe\u2066',
  'zero\u200bwidth\u2028separator',
  '@octocat please see #1 and GH-2',
  '[link](javascript:alert(1)) ![i](http://evil.example/x.png)',
  '<!-- imageset-mirror target=other plan=sha256:0000 -->',
  '*bold* _under_ ~~gone~~ $x$',
  '--> </details> <!--',
  '\u001b[31mred\u0007',
  '日本語 🙂',
  ' leading and trailing ',
  '# heading',
  '- item',
  '',
];

/** A plan in which every text that comes from outside is hostile. */
export function hostile(): Plan {
  const changes = hostileNames.flatMap((evil, index): Change[] => [
    imageChange(`team/app-${index}:held`, {
      action: 'hold',
      reason: 'foreign-tag',
      origin: evil,
      holders: [{ kind: 'tag', name: evil }],
      causes: [{ imageSet: evil, path: evil, at: { file: evil, line: 1, column: 1 } }],
    }),
    imageChange(`team/new-${index}:1`, {
      action: 'mirror',
      reason: 'wanted',
      origin: evil,
      source: evil,
      causes: [{ imageSet: evil, path: evil, at: { file: evil, line: 2, column: 1 } }],
    }),
  ]);
  return planWith('hostile', changes, {
    operators: hostileNames.map((evil) => ({
      catalog: evil,
      package: evil,
      channel: evil,
      head: evil,
      kept: [evil],
      added: [evil],
      removed: [{ version: evil, updates: false }],
      at: { file: evil, line: 5, column: 1 },
    })),
    resources: hostileNames.map((evil, index) => ({
      kind: index % 2 === 0 ? 'ImageDigestMirrorSet' : 'CatalogSource',
      name: evil,
      source: evil,
      from: [evil],
      to: [`${evil}@${digestFor(evil)}`],
    })),
    imageSets: hostileNames.map((evil) => ({ name: evil, digest: digestFor(evil) })),
    speaksFor: [...hostileNames],
    edits: hostileNames.map((evil) => ({
      imageSet: evil,
      path: evil,
      from: evil,
      to: evil,
      at: { file: evil, line: 3, column: 1 },
    })),
    diagnostics: hostileNames.map((evil) => ({
      severity: 'warning',
      code: 'hostile',
      summary: 'A name is strange.',
      detail: evil,
      text: evil,
      fix: evil,
      at: { file: evil, line: 4, column: 1 },
    })),
  });
}

/** Many changes with long names, as many as the greatest registries hold. */
export function huge(count: number): Plan {
  const changes = Array.from({ length: count }, (_, index) => {
    const repository = `team-${index % 97}/${'deep/'.repeat(8)}application-${index}`;
    const facts: readonly Facts[] = [
      { action: 'delete', reason: 'removed' },
      { action: 'mirror', reason: 'wanted' },
      { action: 'untag', reason: 'shared' },
    ];
    const fate = facts[index % 4] ?? { action: 'keep', reason: 'mirrored' };
    return imageChange(`${repository}:v1.${index}`, fate);
  });
  const versions = Array.from({ length: 60 }, (_, index) => `4.16.${index}`);
  return planWith('huge', changes, {
    releases: {
      added: versions.slice(40).map(releaseOf),
      removed: versions.slice(0, 20).map(releaseOf),
      kept: versions.slice(20, 40).map(releaseOf),
    },
    graphs: [graphOf('stable-4.16', versions)],
    edits: Array.from({ length: 500 }, (_, index) => ({
      imageSet: 'imageset-config.yaml',
      path: `mirror.additionalImages[${index}].name`,
      to: `quay.io/${'x'.repeat(300)}/${index}`,
      at: { file: 'imageset-config.yaml', line: index + 1, column: 1 },
    })),
  });
}
