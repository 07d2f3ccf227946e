import type { Change, OperatorChannel, Plan } from '../../src/plan/index.ts';
import { digestFor, type Facts, imageChange, planWith } from './plan-stories.ts';

/** The catalog of these stories. */
export const operatorIndex = 'registry.redhat.io/redhat/redhat-operator-index:v4.18';

/** Where the image of a bundle comes from. */
export function bundleOrigin(owner: string, version: string): string {
  return `registry.redhat.io/${owner}/${owner}-bundle@${digestFor(`${owner} ${version}`)}`;
}

/** Makes the changes of a bundle and of the one image that only it needs. */
export function bundleChanges(owner: string, version: string, fate: Facts): Change[] {
  const causes = [
    {
      imageSet: 'imageset-config.yaml',
      path: 'mirror.operators[0].packages[0]',
      at: { file: 'imageset-config.yaml', line: 7, column: 9 },
    },
  ];
  const change = (part: string, kind: Change['kind']): Change => {
    const key = `${owner} ${version}${part === 'bundle' ? '' : ` ${part}`}`;
    const digest = digestFor(key);
    return {
      ...imageChange(`${owner}/${owner}-${part}:${digest.replace(':', '-')}`, fate),
      digest,
      kind,
      causes,
      origin: `registry.redhat.io/${owner}/${owner}-${part}@${digest}`,
    };
  };
  return [change('bundle', 'operatorBundle'), change('operator', 'operatorRelatedImage')];
}

/** The catalog of the mirror, whose tag names other content after a change. */
export function catalogChange(): Change {
  return imageChange('redhat/redhat-operator-index:v4.18', {
    action: 'retag',
    reason: 'moved',
    kind: 'operatorCatalog',
    previous: digestFor('catalog before'),
    digest: digestFor('catalog after'),
    origin: `registry.redhat.io/redhat/redhat-operator-index@${digestFor('upstream')}`,
  });
}

/** A channel of a package, of which `removed` names what goes and whether it can be updated. */
export function operatorChannel(
  owner: string,
  channel: string,
  facts: Partial<Omit<OperatorChannel, 'removed'>> & {
    readonly removed?: Readonly<Record<string, boolean>>;
  },
): OperatorChannel {
  const { removed = {}, ...more } = facts;
  return {
    catalog: operatorIndex,
    package: owner,
    channel,
    kept: [],
    added: [],
    removed: Object.entries(removed).map(([version, updates]) => ({
      version,
      updates,
      image: bundleOrigin(owner, version),
    })),
    ...more,
  };
}

/** A newer minVersion of one operator, a channel less of another one, a third comes. */
export function operatorsGo(): Plan {
  const gone = { action: 'delete', reason: 'removed' } as const;
  const kept = { action: 'keep', reason: 'mirrored' } as const;
  const line = (number: number) => ({ file: 'imageset-config.yaml', line: number, column: 11 });
  const image = 'registry.example.com:8443/redhat/redhat-operator-index:v4.18';
  const [from, to] = ['before', 'after'].map((when) => [
    `${image}@${digestFor(`catalog ${when}`)}`,
  ]);
  const served = { ...(from && { from }), ...(to && { to }) };
  const changes = [
    ...bundleChanges('odf-operator', '4.17.3', gone),
    ...bundleChanges('odf-operator', '4.18.0', gone),
    ...bundleChanges('odf-operator', '4.18.4', kept),
    ...bundleChanges('kiali-ossm', '1.89.1', gone),
    ...bundleChanges('kiali-ossm', '2.4.0', kept),
    ...bundleChanges('quay-operator', '3.14.0', { action: 'mirror', reason: 'wanted' }),
    catalogChange(),
  ];
  return planWith('operators go', changes, {
    edits: [
      {
        imageSet: 'imageset-config.yaml',
        path: 'mirror.operators[0].packages[0].channels[0].minVersion',
        from: '4.17.3',
        to: '4.18.4',
        at: line(10),
      },
    ],
    operators: [
      operatorChannel('kiali-ossm', 'candidate', { removed: { '1.89.1': false }, at: line(11) }),
      operatorChannel('kiali-ossm', 'stable', { head: '2.4.0', kept: ['2.4.0'], at: line(11) }),
      operatorChannel('odf-operator', 'stable-4.18', {
        head: '4.18.4',
        kept: ['4.18.4'],
        removed: { '4.17.3': false, '4.18.0': true },
        at: line(7),
      }),
      operatorChannel('quay-operator', 'stable-3.14', {
        head: '3.14.0',
        added: ['3.14.0'],
        at: line(14),
      }),
    ],
    resources: [
      {
        kind: 'ImageDigestMirrorSet',
        name: 'idms-operator-0',
        source: 'registry.redhat.io/quay-operator',
        to: ['registry.example.com:8443/quay-operator'],
      },
      { kind: 'CatalogSource', name: 'cs-redhat-operator-index-v4-18', ...served },
      { kind: 'ClusterCatalog', name: 'cc-redhat-operator-index-v4-18', ...served },
    ],
  });
}
