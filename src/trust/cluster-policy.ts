import { asObject, isRecord, type JsonObject, textOrEmpty, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';
import { parseTrustPolicy, type TrustPolicy } from './policy.ts';

const featureSets = 'release.openshift.io/feature-set';

/** Gives the fields that have a value. */
function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  );
}

/** Turns the root of trust of a cluster's policy into fields of `sigstoreSigned`. */
function rootOf(root: JsonObject): JsonObject {
  const { publicKey, fulcioCAWithRekor, pki } = root;
  if (isRecord(publicKey)) {
    const { keyData, rekorKeyData } = publicKey;
    return present({ keyData, rekorPublicKeyData: rekorKeyData });
  }
  if (isRecord(fulcioCAWithRekor)) {
    const { fulcioCAData, rekorKeyData, fulcioSubject } = fulcioCAWithRekor;
    const { oidcIssuer, signedEmail } = asObject(fulcioSubject);
    const fulcio = { caData: fulcioCAData, oidcIssuer, subjectEmail: signedEmail };
    return { fulcio: present(fulcio), rekorPublicKeyData: rekorKeyData };
  }
  const { caRootsData, caIntermediatesData, pkiCertificateSubject } = asObject(pki);
  const { email, hostname } = asObject(pkiCertificateSubject);
  const fields = {
    caRootsData,
    caIntermediatesData,
    subjectEmail: email,
    subjectHostname: hostname,
  };
  return { pki: present(fields) };
}

function identityOf(signedIdentity: JsonObject): JsonObject {
  const { matchPolicy, exactRepository, remapIdentity } = signedIdentity;
  const match = textOrEmpty(matchPolicy);
  if (match === '') return {};
  const type = `${match.slice(0, 1).toLowerCase()}${match.slice(1)}`;
  const { repository } = asObject(exactRepository);
  const { prefix, signedPrefix } = asObject(remapIdentity);
  return { signedIdentity: present({ type, dockerRepository: repository, prefix, signedPrefix }) };
}

/** Tells whether a policy binds every cluster: one for previews binds only clusters that have them switched on. */
function isForAll({ metadata }: JsonObject): boolean {
  const annotations = asObject(asObject(metadata)['annotations']);
  const sets = textOrEmpty(annotations[featureSets]);
  return sets === '' || sets.split(',').includes('Default');
}

function readDocument(text: string): JsonObject {
  try {
    return asObject(parseYaml(text, 'A policy of a release'));
  } catch (cause) {
    if (cause instanceof ContentError) throw cause;
    throw new ContentError('PAYLOAD_INVALID', 'A policy of a release is not YAML.', { cause });
  }
}

/**
 * Makes a trust policy of the ClusterImagePolicies that a release brings along; `undefined` where none binds a cluster.
 *
 * Outside their scopes every image is accepted. Where two name one scope, both have to be met, as the cluster joins them.
 * @throws ConfigError `CONFIG_INVALID`, ContentError `PAYLOAD_INVALID` for a policy that cannot be read
 * @see OpenShift, config.openshift.io/v1, "ClusterImagePolicy"
 */
export function clusterTrustPolicy(documents: readonly string[]): TrustPolicy | undefined {
  const scopes = new Map<string, JsonObject[]>();
  for (const document of documents.map(readDocument).filter(isForAll)) {
    if (document['kind'] !== 'ClusterImagePolicy') continue;
    const spec = asObject(document['spec']);
    const { rootOfTrust, signedIdentity } = asObject(spec['policy']);
    const root = rootOf(asObject(rootOfTrust));
    const rule = { type: 'sigstoreSigned', ...root, ...identityOf(asObject(signedIdentity)) };
    for (const scope of texts(spec['scopes']))
      scopes.set(scope, [...(scopes.get(scope) ?? []), rule]);
  }
  if (scopes.size === 0) return undefined;
  const anything = [{ type: 'insecureAcceptAnything' }];
  const policy = { default: anything, transports: { docker: Object.fromEntries(scopes) } };
  return parseTrustPolicy(JSON.stringify(policy), 'The ClusterImagePolicy of the release');
}
