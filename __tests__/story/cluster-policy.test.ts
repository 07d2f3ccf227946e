import { describe, expect, it, onTestFinished } from 'vitest';
import { parseReference } from '../../src/oci/index.ts';
import { diagnoseClusterPolicies } from '../../src/run/attached/index.ts';
import type { PlanResult } from '../../src/run/index.ts';
import { openSession } from '../../src/run/session.ts';
import { cosignTags } from '../../src/signature/index.ts';
import { clusterTrustPolicy } from '../../src/trust/index.ts';
import { image, wish } from '../plan/facts.ts';
import { pushTo } from '../support/images.ts';
import { change, channelConfig, type Lab, makeLab } from '../support/lab.ts';
import {
  keys,
  publicKeyOf,
  signatureImage,
  signedLayer,
  statement,
} from '../support/trust-cases.ts';

/** Writes the policy of OpenShift, for a registry on this machine. */
const policyFor = (...scopes: readonly string[]) => `apiVersion: config.openshift.io/v1
kind: ClusterImagePolicy
metadata:
  name: openshift
spec:
  scopes:
${scopes.map((scope) => `  - "${scope}"`).join('\n')}
  policy:
    rootOfTrust:
      policyType: PublicKey
      publicKey:
        keyData: ${publicKeyOf(keys.one)}
`;

/** The scope stands in the payload before the port of its registry is known. */
const anywhere = '*.0.0.1';

async function start(): Promise<Lab> {
  return await makeLab({
    upstream: { components: 3, shared: 0, clusterPolicy: policyFor(anywhere) },
  });
}

const wanted = [channelConfig('4.16.5', '4.16.5')];

function sign(lab: Lab, origin: string, key = keys.one): void {
  const { registry, repository, digest } = parseReference(origin);
  const store = lab.source.fake?.store;
  if (!store || !digest) throw new Error(`${origin} cannot be signed`);
  const text = statement(digest, `${registry}/${repository}:any`);
  pushTo(store, repository, cosignTags(digest)[0], signatureImage([signedLayer(text, key)]));
}

function sourcesOf({ plan }: PlanResult): readonly string[] {
  const changes = plan?.changes.filter(({ kind }) => kind !== 'signature') ?? [];
  return changes.map(({ source = '', digest }) => `${source.replace(/[:@][^/]*$/, '')}@${digest}`);
}

const policyFindings = ({ diagnostics }: PlanResult) =>
  diagnostics.filter(({ code }) => code.startsWith('cluster-policy'));

describe('the ClusterImagePolicy of a release', () => {
  it('is said to reject exactly the images without its signature', async () => {
    const lab = await start();
    const sources = sourcesOf(await lab.plan(change([], wanted)));
    expect(sources).toHaveLength(4);
    const [first = '', second = '', ...others] = sources;
    for (const source of others) sign(lab, source);
    sign(lab, second, keys.two);
    const { clock } = lab.settings();
    const tomorrow = { ...clock, now: () => clock.now() + 24 * 3_600_000 };
    const planned = await lab.plan(change([], wanted), { clock: tomorrow });
    const [finding, ...more] = policyFindings(planned);
    expect(more).toEqual([]);
    expect(finding?.summary).toContain('rejects 2 of 4');
    sign(lab, first);
    sign(lab, second);
    const signed = await lab.plan(change([], wanted), {
      clock: { ...clock, now: () => tomorrow.now() + 7_200_000 },
    });
    expect(policyFindings(signed)).toEqual([]);
  });

  it('rejects all of its images where signatures are not mirrored', async () => {
    const lab = await start();
    for (const source of sourcesOf(await lab.plan(change([], wanted)))) sign(lab, source);
    const planned = await lab.plan(change([], wanted), { signatures: 'skip' });
    expect(policyFindings(planned)).toMatchObject([
      { severity: 'warning', summary: expect.stringContaining('rejects all 4') },
    ]);
  });

  it('is joined with the others of the release, as the cluster joins them', async () => {
    const payload = image('payload');
    const { digest } = payload.descriptor;
    const release = { version: '4.21.1', architecture: 'amd64', digest };
    const one = {
      ...wish('openshift/release-images:4.21.1', payload, { kind: 'ocpRelease' }),
      release,
    };
    const texts = [policyFor(one.source.registry), policyFor('quay.io', one.source.registry)];
    const clusterPolicies = texts.map((text) => ({ text, release: digest }));
    const session = await openSession((await start()).settings({ signatures: 'skip' }));
    onTestFinished(() => session.close());
    const bound = { looked: [], images: [one] };
    expect(await diagnoseClusterPolicies([{ clusterPolicies }], bound, session)).toHaveLength(1);
  });

  it('is that of a cluster without previews', () => {
    const preview = policyFor('quay.io').replace(
      '  name: openshift\n',
      '  name: openshift\n  annotations:\n    release.openshift.io/feature-set: TechPreviewNoUpgrade\n',
    );
    expect(clusterTrustPolicy([preview])).toBeUndefined();
    expect(
      clusterTrustPolicy([policyFor('quay.io/a')])
        ?.transports.get('docker')
        ?.has('quay.io/a'),
    ).toBe(true);
  });
});
