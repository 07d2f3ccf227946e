import type { Diagnostic } from '../diagnostic.ts';
import { messageOf, RegistryError, type RegistryErrorCode } from '../errors.ts';
import type { Session } from './session.ts';
import type { MirrorRequest } from './types.ts';

/** Codes of a target that does not answer at all. */
const silent: ReadonlySet<string> = new Set<RegistryErrorCode>(['UNREACHABLE', 'TIMEOUT']);

/**
 * Asks the target whether it lets us in. For a dry run one that does not answer is a finding: a pipeline that checks a
 * configuration often runs where the target cannot be reached.
 * @throws RegistryError with what the registry answered, in oc-mirror's frame
 */
export async function checkAccess(
  { destination, dryRun: mode }: Pick<MirrorRequest, 'destination' | 'dryRun'>,
  { endpoints, target }: Session,
): Promise<readonly Diagnostic[]> {
  if (destination !== 'registry') return [];
  try {
    await endpoints.target.ping(target.registry);
    return [];
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    const message = `checking registry "${target.registry}" access: ${messageOf(cause)}`;
    if (mode === 'no' || !silent.has(cause.code)) {
      throw new RegistryError(cause.code, message, { cause, hint: cause.hint });
    }
    const summary = 'The target cannot be reached; a dry run does not need it.';
    return [{ severity: 'warning', code: 'target-unreachable', summary, detail: message }];
  }
}
