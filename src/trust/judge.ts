import { createOnce, readWithin } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { type DockerName, formatDockerName } from './docker-name.ts';
import {
  type FoundSignatures,
  findSignatures,
  type SignatureSearch,
  type Signed,
} from './find-signatures.ts';
import { checkGpgSignature, type GpgTrust, readGpgTrust } from './gpg-rule.ts';
import { trustLimits } from './limits.ts';
import { chooseLayoutRule, chooseRule, type TrustPolicy } from './policy.ts';
import type { KeySource, Requirement, SignedBy, SigstoreSigned } from './requirement.ts';
import {
  type CosignTrust,
  checkCosignSignature,
  cosignSignatureType,
  readCosignTrust,
} from './sigstore-rule.ts';

/** The policy that is enforced, and the places of signatures. */
export interface TrustJudgeOptions {
  readonly policy: TrustPolicy;
  readonly search: SignatureSearch;
  /** Gives the present time. */
  readonly now: () => Date;
}

/** Refuses a manifest that the policy rejects. @throws ContentError `POLICY_REJECTED` that names the rule, RegistryError */
export type TrustJudge = (image: Signed) => Promise<void>;

/** Reads the files that a policy names; each is read when an image needs it. */
async function readSource(source: KeySource): Promise<readonly Uint8Array[]> {
  if ('data' in source) return source.data;
  return await Promise.all(source.paths.map((path) => readWithin(path, trustLimits.keyFile)));
}

/** Says why no signature counts. */
function noneCounts(reasons: readonly string[]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return 'there is no signature';
  return others.length === 0
    ? first
    : `none of ${reasons.length} signatures counts: ${reasons.join('; ')}`;
}

/** Tries signatures until one counts; if none does, gives the reasons. */
async function firstThatCounts<Signature>(
  signatures: readonly Signature[],
  check: (signature: Signature) => Promise<void> | void,
): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const signature of signatures) {
    try {
      await check(signature);
      return undefined;
    } catch (thrown) {
      reasons.push(messageOf(thrown));
    }
  }
  return noneCounts(reasons);
}

/** The reason for which an image does not meet a requirement, or `undefined`. */
type Judgement = Promise<string | undefined>;

interface Case {
  readonly image: Signed;
  /** Names the requirement in its policy. */
  readonly rule: string;
  /** Looks for signatures once. */
  readonly found: () => Promise<FoundSignatures>;
}

function createMethods({ now }: TrustJudgeOptions) {
  const cosign = createOnce<CosignTrust>();
  const gpg = createOnce<GpgTrust>();
  return {
    async signedBy(requirement: SignedBy, { image, rule, found }: Case): Judgement {
      const { openPgp } = await found();
      return await firstThatCounts(openPgp, async (signature) => {
        const trust = await gpg.run(rule, () => readGpgTrust(requirement, readSource));
        await checkGpgSignature(signature, trust, { requirement, image, now: now() });
      });
    },
    async sigstoreSigned(requirement: SigstoreSigned, { image, rule, found }: Case): Judgement {
      const attached = (await found()).cosign;
      const signatures = attached.filter(({ mediaType }) => mediaType === cosignSignatureType);
      return await firstThatCounts(signatures, async (signature) => {
        const trust = await cosign.run(rule, () => readCosignTrust(requirement, readSource));
        checkCosignSignature(signature, trust, { requirement, image, now: now() });
      });
    },
  };
}

type Methods = ReturnType<typeof createMethods>;

async function judgeBy(requirement: Requirement, given: Case, methods: Methods): Judgement {
  switch (requirement.type) {
    case 'insecureAcceptAnything':
      return undefined;
    case 'reject':
      return 'it rejects every image';
    case 'signedBaseLayer':
      return 'this kind of requirement is not supported, so it rejects every image';
    case 'signedBy':
      return await methods.signedBy(requirement, given);
    case 'sigstoreSigned':
      return await methods.sigstoreSigned(requirement, given);
  }
}

function rejection(name: DockerName, rule: string, why: string): ContentError {
  return new ContentError(
    'POLICY_REJECTED',
    `the trust policy rejects ${formatDockerName(name)} by ${rule}: ${why}.`,
    { hint: 'Have the image signed as the policy wants it, or change the rule of the policy.' },
  );
}

/**
 * Makes a judge of manifests by a trust policy.
 *
 * An image meets a rule when it meets all of its requirements, each by one signature. Effects: signatures are looked for only
 * where a rule asks for them; a key is read once.
 */
export function createTrustJudge(options: TrustJudgeOptions): TrustJudge {
  const methods = createMethods(options);
  return async (image) => {
    const { policy, search } = options;
    const { layout } = image;
    const isLayout = layout !== undefined;
    const { where, requirements } = isLayout
      ? chooseLayoutRule(policy, layout)
      : chooseRule(policy, image.name);
    let searched: Promise<FoundSignatures> | undefined;
    const found = () => {
      searched ??= isLayout
        ? Promise.resolve({ openPgp: [], cosign: [] })
        : findSignatures(image, search);
      return searched;
    };
    for (const [index, requirement] of requirements.entries()) {
      const rule = `${where}[${index}]`;
      const why = await judgeBy(requirement, { image, rule, found }, methods);
      if (why !== undefined) throw rejection(image.name, `${rule} (${requirement.type})`, why);
    }
  };
}
