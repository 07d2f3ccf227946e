import { gunzipSync, gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { destinationOf } from '../../src/archive/entry-names.ts';
import { decodeHead, decodeTail, encodeHead, encodeTail } from '../../src/archive/notes.ts';
import { parseJson, parseJsonPath } from '../../src/base/index.ts';
import { identify, parseBlob } from '../../src/catalog/blob.ts';
import { createIgnoreRules } from '../../src/catalog/ignore.ts';
import { DocumentSplitter, type RawDocument } from '../../src/catalog/split.ts';
import { visitLayer } from '../../src/content/index.ts';
import { makeSigningKey, signedStatement, strayDigest } from '../../src/fake-upstream/index.ts';
import { chooseChartVersion } from '../../src/helm/chart-version.ts';
import {
  findRenderedImages,
  findUnrenderedImages,
  loadChart,
  parseChartIndex,
} from '../../src/helm/index.ts';
import { fixImageSet } from '../../src/imageset/fix/index.ts';
import { lintImageSet, loadImageSet } from '../../src/imageset/index.ts';
import { formatReference, parseManifest, parseReference } from '../../src/oci/index.ts';
import {
  createDeleteImageList,
  createPlan,
  decodePlan,
  encodePlan,
  parseDeleteImageList,
} from '../../src/plan/index.ts';
import { parseChallenges } from '../../src/registry/challenge.ts';
import { nextPage } from '../../src/registry/response.ts';
import { parseAuthFile } from '../../src/registry/settings/auth-file.ts';
import { parseRegistryTables } from '../../src/registry/settings/registry-tables.ts';
import { kubeVirtComponents, parseComponents } from '../../src/release/component.ts';
import {
  describeGraph,
  keysOfConfigMap,
  parseGraph,
  readGraphData,
  verifySignature,
} from '../../src/release/index.ts';
import {
  formatAttachmentMemory,
  parseAttachmentMemory,
} from '../../src/run/attached/attachment-memory.ts';
import { parseResources } from '../../src/run/running.ts';
import type { Attachment } from '../../src/signature/index.ts';
import { decodeUndo, encodeUndo } from '../../src/state/index.ts';
import { parseCertificate } from '../../src/trust/certificate.ts';
import { parseTrustPolicy } from '../../src/trust/index.ts';
import { parseSignatureFile } from '../../src/trust/registries-d.ts';
import { checkSignedText } from '../../src/trust/signed-text.ts';
import { yamlToJson } from '../../src/yaml/index.ts';
import { facts } from '../plan/facts.ts';
import { release, releaseChange } from '../plan/release-facts.ts';
import { makeTar } from '../support/catalog.ts';
import { makeCertificate } from '../support/certificate-maker.ts';
import { decodeState, encodeState, placementOf, stateOf, undoOf } from '../support/state-facts.ts';
import { paxRecord, rawEntry, tarEnd } from '../support/tar.ts';
import type { FuzzTarget } from './fuzz.ts';

const digest = strayDigest('a release');
const attachments: readonly Attachment[] = [
  {
    ...{ subject: digest, tag: 'a.sig', descriptor: { mediaType: 'm', digest, size: 1 } },
    form: 'cosign-tag',
  },
  {
    ...{ subject: digest, tag: 'b', descriptor: { mediaType: 'm', digest, size: 1 } },
    form: 'referrers',
    referrers: [{ mediaType: 'm', digest, size: 2 }],
  },
];
const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 12 };
const json = (value: unknown) => JSON.stringify(value);
const text = (input: Buffer) => input.toString();

function same(written: unknown, again: unknown): void {
  if (json(written) !== json(again)) throw new TypeError(`${json(again)} is not ${json(written)}`);
}

const configuration = `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
archiveSize: 4
mirror:
  platform:
    architectures: [amd64, "multi"]
    channels:
    - &c {name: stable-4.16, minVersion: 4.16.5, maxVersion: '4.16.6', shortestPath: true}
    - <<: *c
      type: okd
  operators:
  - catalog: registry.redhat.io/redhat/redhat-operator-index:v4.16
    packages:
    - name: foo
      minVersion: 1.0.0
      channels: [{name: stable}]
  additionalImages:
  - name: |-
      quay.io/a/b:1
`;

const fbcDocuments = [
  { schema: 'olm.package', name: 'foo', defaultChannel: 'stable' },
  {
    schema: 'olm.channel',
    name: 'stable',
    package: 'foo',
    entries: [{ name: 'foo.v1', skipRange: '<1' }],
  },
  {
    schema: 'olm.bundle',
    name: 'foo.v1',
    package: 'foo',
    image: 'quay.io/a/b:1',
    properties: [{ type: 'olm.package', value: { packageName: 'foo', version: '1.0.0' } }],
    relatedImages: [{ name: '', image: 'quay.io/a/b:1' }],
  },
];

function readCatalogFile(input: Buffer): void {
  const found: RawDocument[] = [];
  const splitter = new DocumentSplitter((document) => found.push(document));
  const middle = input.byteLength >> 1;
  splitter.push(input.subarray(0, middle));
  splitter.push(input.subarray(middle));
  splitter.end();
  let failure: unknown;
  for (const { format, bytes } of found) {
    if (format === 'too-large') continue;
    try {
      identify(bytes.toString(), format);
      const { text: written } = parseBlob(bytes.toString(), format);
      same(parseBlob(written, 'json').text, written);
    } catch (thrown) {
      failure ??= thrown;
    }
  }
  if (failure !== undefined) throw failure;
}

/** Reads the files of a chart, each behind a line `%% <path>`. */
async function readChart(input: Buffer): Promise<void> {
  const files = text(input)
    .split(/^%% /m)
    .map((part) => [part.split('\n', 1)[0] ?? '', Buffer.from(part.replace(/^.*\n/, ''))] as const);
  findUnrenderedImages(await loadChart(new Map(files), 'The chart'), ['a: {b: null}']);
}

async function readLayer(input: Buffer): Promise<void> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < input.byteLength; at += 700) yield input.subarray(at, at + 700);
  }
  const layer = { name: 'Layer x', bytes: pieces(), code: 'PAYLOAD_INVALID' } as const;
  await visitLayer(layer, () => ({ write: async () => {}, end: async () => {} }));
}

function readLink(input: Buffer): void {
  const asked = { method: 'GET', url: new URL('https://r.example.com/v2/a/tags/list') };
  nextPage({ asked, header: () => text(input) } as unknown as Parameters<typeof nextPage>[0]);
}

const plan = createPlan(
  facts(releaseChange([...release('4.16.5'), ...release('4.16.6')], release('4.16.6'))),
);

/** Everything that reads what others wrote, with sound inputs for each. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  const key = await makeSigningKey();
  const reference = 'quay.io/openshift-release-dev/ocp-release:4.16.5-x86_64';
  const signature = await key.sign(signedStatement(digest, reference));
  const tar = await makeTar([
    ['configs/foo/catalog.json', fbcDocuments.map(json).join('\n')],
    { name: 'configs/link', type: 'symlink', linkname: '../a' },
    [`configs/${'d'.repeat(150)}`, 'x'],
  ]);
  const extended = Buffer.concat([
    rawEntry({ name: 'p', type: 'x' }, paxRecord('path', 'configs/a') + paxRecord('size', '3')),
    rawEntry({ name: 'b' }, 'abc'),
    rawEntry({ name: 'L', type: 'L' }, 'configs/c\0'),
    rawEntry({ name: 'd', type: 'S' }, 'x'),
    tarEnd,
  ]);
  const state = encodeState(stateOf(placementOf('4.16.5-cli', 'a.yaml'), placementOf('x')));
  const undo = encodeUndo([undoOf('a'), undoOf('b')]);
  return [
    {
      name: 'the YAML of a configuration',
      samples: [configuration, configuration.replace('ImageSet', 'DeleteImageSet')],
      words: ['mirror:', '- name: ', '!!int ', '? ', '|+\n', '*c', '{<<: [*c, *c]}'],
      read(input) {
        const file = { name: 'a.yaml', text: text(input) };
        lintImageSet(file);
        loadImageSet(file, 'DeleteImageSetConfiguration');
      },
    },
    {
      name: 'the mending of a configuration, of which a second time changes nothing',
      samples: [
        configuration,
        configuration.replace('mirror:', 'storageConfig: {}\nMirror:').replace('amd64', 'x86_64'),
      ],
      words: [
        'headsOnly: true\n',
        'startingVersion: 1.0\n',
        'name: y\n',
        'kind: imagesetconfiguration\n',
      ],
      read(input) {
        const mended = fixImageSet({ name: 'a.yaml', text: text(input) });
        if (mended.refusal !== undefined) return;
        same(fixImageSet({ name: 'a.yaml', text: mended.text }).text, mended.text);
      },
    },
    {
      name: 'YAML as JSON',
      samples: [configuration, json(fbcDocuments), stringify(fbcDocuments)],
      throwsPlainErrors: true,
      read(input) {
        const written = yamlToJson(text(input));
        parseJson(written, 'It');
        same(yamlToJson(written), written);
      },
    },
    {
      name: 'documents of a catalog',
      samples: [
        fbcDocuments.map(json).join('\n'),
        fbcDocuments.map((one) => stringify(one)).join('---\n'),
      ],
      words: ['"package":"x"', 'package: x\n', 'schema: olm.bundle\n'],
      throwsPlainErrors: true,
      read: readCatalogFile,
    },
    { name: 'layers', samples: [tar, extended, gzipSync(tar)], read: readLayer },
    {
      name: 'data of update graphs',
      samples: [Buffer.concat([rawEntry({ name: 'channels/a' }, 'name: a'), tarEnd])],
      read: async (input) => void (await readGraphData(input)),
    },
    {
      name: 'patterns of .indexignore',
      samples: ['*.md\n/a/**/b\n!c[a-z]?\n', '**/x/\n\\#y\n'],
      words: ['**/', '[!a', '*', '?'],
      read(input) {
        const isIgnored = createIgnoreRules(new Map([['a/.indexignore', text(input)]]));
        for (const path of ['a/b', 'a/x/y/b', 'a/c.md', 'd']) isIgnored(path);
      },
    },
    {
      name: 'manifests',
      samples: [
        json({
          schemaVersion: 2,
          config: descriptor,
          layers: [descriptor],
          annotations: { a: 'b' },
        }),
        json({ manifests: [{ ...descriptor, platform: { os: 'linux', architecture: 'a' } }] }),
      ],
      words: ['"size":-1', '"size":1e308', '"size":"12"', '"layers":', '"subject":{}'],
      read: (input) => parseManifest(input),
    },
    {
      name: 'indexes of chart repositories',
      samples: [
        'apiVersion: v1\nentries:\n  app:\n  - version: 1.0.0\n    urls: [app-1.0.0.tgz]\n    digest: ab\n  lib:\n    - version: "2"\n      type: library\n',
        json({ entries: { app: [{ version: '1.0.0', urls: ['a.tgz'] }] } }),
      ],
      words: ['entries:', '\n  - ', '\n  x:', '&a ', '*a'],
      read(input) {
        const { names, versionsOf } = parseChartIndex(text(input), 'The index');
        for (const name of names) chooseChartVersion(versionsOf(name), '^1.0.0');
      },
    },
    {
      name: 'charts as text',
      samples: [
        `%% Chart.yaml
name: app
appVersion: 1
annotations: {images: "- image: a/b:1"}
dependencies: [{name: db, condition: db.on}]
%% values.yaml
image: {repository: a/b, tag: 1.2}
global: {imageRegistry: r}
%% templates/a.yaml
  - image: '{{ .Values.x | default .Chart.AppVersion }}' # c
%% charts/db/Chart.yaml
name: db
`,
      ],
      words: ['{{', '}}', '{{-', ' | default ', 'image: ', '.Values.', '"', '\\n'],
      read: readChart,
    },
    {
      name: 'paths of images',
      samples: ['{.spec.list[?(@.a=="b")].image}', '{..image}{.a[0:1][*]}', "{.a['b','c']}"],
      words: ['..', '[*]', '[?(@', ')]', '[-1]', '[::]', '{', '}'],
      read: (input) => parseJsonPath(text(input)),
    },
    {
      name: 'rendered documents',
      samples: ['---\n# Source: a/t.yaml\nspec: {containers: [{image: "a:1"}]}\n---\nitems: []\n'],
      read: (input) => findRenderedImages(text(input), [parseJsonPath('{..image}')]),
    },
    {
      name: 'update graphs',
      samples: [
        json({
          nodes: [
            { version: '4.16.5', payload: 'a', metadata: {} },
            { version: '4.16.6', payload: 'b' },
          ],
          edges: [[0, 1]],
          conditionalEdges: [
            {
              edges: [{ from: '4.16.5', to: '4.16.6' }],
              risks: [{ name: 'a', message: 'b', url: 'c', matchingRules: [{ type: 'Always' }] }],
            },
          ],
        }),
      ],
      words: ['[0,9]', '[1,0]', '"edges":', '"from":', '"risks":', '{"type":"PromQL"}'],
      read(input) {
        const request = { channel: 'c', architecture: 'amd64', type: 'ocp' } as const;
        describeGraph(request, parseGraph(input));
      },
    },
    {
      name: 'lists of components, of boot images and of keys',
      samples: [
        json({
          metadata: { name: '4.16.5' },
          spec: { tags: [{ name: 'cli', from: { name: 'a' } }] },
        }),
      ],
      read(input) {
        keysOfConfigMap(text(input));
        parseComponents(text(input));
      },
    },
    {
      name: 'names in archives',
      samples: [
        `docker/registry/v2/blobs/sha256/${digest.slice(7, 9)}/${digest.slice(7)}/data`,
        'docker/registry/v2/repositories/a/b/_manifests/tags/v1/current/link',
        'working-dir/signatures/4.16.5-sha256-aa',
      ],
      words: ['/../', 'working-dir/', '\\'],
      read(input) {
        const found = destinationOf(text(input));
        const path = found.kind === 'working-file' ? found.path : '';
        if (path.split('/').includes('..')) throw new TypeError(`${path} leads out`);
      },
    },
    {
      name: 'descriptions of archives',
      samples: [
        Buffer.from(
          encodeHead({ stream: 'a', generation: 2, base: 1, chunk: 1, chunks: 2 }),
        ).toString(),
      ],
      read: (input) => decodeHead(input),
    },
    {
      name: 'lists of the files of archives',
      samples: [Buffer.from(encodeTail(new Map([['isc', digest]]))).toString()],
      read: (input) => decodeTail(input),
    },
    {
      name: 'boot images',
      samples: [
        stringify({
          data: {
            stream: json({
              architectures: { x86_64: { images: { kubevirt: { 'digest-ref': 'a' } } } },
            }),
          },
        }),
      ],
      read: (input) => kubeVirtComponents(text(input), ['x86_64']),
    },
    {
      name: 'signatures',
      samples: [signature],
      read: (input) => verifySignature(digest, input, { armored: [key.publicKey] }),
    },
    {
      name: 'armored keys',
      samples: [key.publicKey],
      read: (input) =>
        verifySignature(digest, signature, { armored: [text(input), key.publicKey] }),
    },
    {
      name: 'trust policies',
      samples: [
        json({
          default: [{ type: 'reject' }],
          transports: {
            docker: {
              'quay.io/a': [
                { type: 'sigstoreSigned', keyData: 'YQ==', signedIdentity: { type: 'matchExact' } },
                { type: 'signedBy', keyType: 'GPGKeys', keyPaths: ['/a'] },
              ],
            },
          },
        }),
      ],
      words: ['"reject"', '"keyPath"', 'null', '"fulcio":{}', '"pki":{}'],
      read: (input) => parseTrustPolicy(text(input), 'policy.json'),
    },
    {
      name: 'registries.d',
      samples: [
        'default-docker:\n  lookaside: https://a/\ndocker:\n  quay.io/a:\n    use-sigstore-attachments: true\n',
      ],
      read: (input) => parseSignatureFile(text(input), 'a.yaml'),
    },
    {
      name: 'certificates',
      samples: [makeCertificate({ subject: 'A', authority: { maxPath: 1 }, emails: ['a@b'] }).der],
      read: (input) => parseCertificate(input),
    },
    {
      name: 'signed texts',
      samples: [signedStatement(digest, 'quay.io/a/b:1')],
      read: (input) =>
        checkSignedText(input, 'atomic container signature', {
          image: { name: { name: 'quay.io/a/b' }, digest },
          identity: { type: 'matchRepository' },
        }),
    },
    {
      name: 'references',
      samples: [`docker://quay.io:443/a/b__c:tag@${digest}`, 'h/a'],
      read(input) {
        const found = parseReference(text(input));
        same(parseReference(formatReference(found)), found);
      },
    },
    {
      name: 'challenges',
      samples: ['Bearer realm="https://a/token",service="b", Basic realm=c', 'Negotiate'],
      read: (input) => parseChallenges(text(input)),
    },
    {
      name: 'links to a next page',
      samples: ['</v2/a/tags/list?n=2&last=b>; rel="next"', '<https://r.example.com/x>; rel=next'],
      words: ['file:///', 'https://other/', '<', '>;'],
      read: readLink,
    },
    {
      name: 'registries.conf',
      samples: [
        '[[registry]]\nprefix = "*.example.com"\nlocation = "quay.io"\nblocked = true\n[[registry.mirror]]\nlocation = "m:5000"\ninsecure = true\n',
        '[registries.insecure]\nregistries = ["a"]\n',
      ],
      words: ['[[registry]]\n', 'mirror = 1\n', '[registry.mirror]\n'],
      read: (input) => parseRegistryTables(text(input), 'registries.conf'),
    },
    {
      name: 'auth files',
      samples: [
        json({
          auths: { 'https://a/v1/': { auth: 'YTpi' }, 'b:1/c': { username: 'a', password: 'b' } },
          credHelpers: { c: 'd' },
          credsStore: 'e',
        }),
      ],
      read: (input) => parseAuthFile(text(input), 'auth.json'),
    },
    {
      name: 'auth files of the older form',
      samples: [json({ 'https://a/v1/': { auth: 'YTpi' }, b: {} })],
      read: (input) => parseAuthFile(text(input), '.dockercfg', 'legacy'),
    },
    {
      name: 'states',
      samples: [gunzipSync(state)],
      read(input) {
        const found = decodeState(gzipSync(input, { level: 1 }));
        same(decodeState(encodeState(found)), decodeState(encodeState(found)));
      },
    },
    { name: 'states as they are stored', samples: [state], read: (input) => decodeState(input) },
    {
      name: 'undo records',
      samples: [gunzipSync(undo)],
      read: (input) => decodeUndo(gzipSync(input, { level: 1 })),
    },
    {
      name: 'plans',
      samples: [encodePlan(plan)],
      async read(input) {
        const found = await decodePlan(text(input));
        same(encodePlan(await decodePlan(encodePlan(found))), encodePlan(found));
      },
    },
    {
      name: 'what is remembered of attachments',
      samples: [formatAttachmentMemory(new Map([['x/y@z', { at: 1, attachments }]]))],
      words: ['"referrers":[', '"form":"cosign-tag"', '"at":-1'],
      read(input) {
        const found = parseAttachmentMemory(text(input));
        same(parseAttachmentMemory(formatAttachmentMemory(found)), found);
      },
    },
    {
      name: 'resources of clusters',
      samples: [
        json({
          items: [
            { kind: 'ClusterVersion', status: { desired: { version: '4.16.6' }, history: [] } },
            { kind: 'ClusterServiceVersion', metadata: { name: 'a' }, spec: { version: '1.0.0' } },
          ],
        }),
      ],
      words: ['"kind":"ClusterVersion"', '"state":"Completed"', '"items":null'],
      read: (input) => parseResources(text(input), 'clusters.json'),
      throwsPlainErrors: true,
    },
    {
      name: 'lists of deletes',
      samples: [createDeleteImageList(plan)],
      words: ['- imageName: a\n', 'untag:\n', 'type: ocpRelease\n'],
      read: (input) => parseDeleteImageList(text(input), 'list.yaml'),
    },
  ];
}
