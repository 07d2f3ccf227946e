import { join } from 'node:path';
import { isDay } from '../door/index.ts';
import type { DryRun } from '../run/index.ts';
import type { mirrorFlags } from './flag-tables.ts';
import { type Parsed, usageError } from './flags.ts';
import { readDestination, refuseNegative, refuseSecond, whatIsMeant } from './validate.ts';
import { findWorkingDirectory } from './workspace.ts';

/** Source and destination of a mirror command. */
export interface MirrorRoute {
  readonly mode: 'mirrorToMirror' | 'mirrorToDisk' | 'diskToMirror';
  /** The directory of the archive; absent: mirrored from registry to registry. */
  readonly archive?: string;
  /** `host[:port][/path]`; to disk: oc-mirror's local cache, which mappings name. */
  readonly target: string;
  readonly workingDirectory: string;
  readonly dryRun: DryRun;
}

type Flags = Parsed<typeof mirrorFlags>;

const toDisk = 'file://';
const toRegistry = 'docker://';
const assumesDisk = 'when destination is file://, mirrorToDisk workflow is assumed, and the';
const fromArgument = '--from (assumes disk to mirror workflow)';
const workspaceArgument = '--workspace (assumes mirror to mirror workflow)';

function checkRange(name: 'parallel-images' | 'parallel-layers', value: number): void {
  if (value < 1 || value > 10)
    throw usageError(`the flag ${name} must be between the range 1 to 10`);
}

/** Checks the flags that do not depend on the destination, in oc-mirror's order. */
function checkFlags({ values }: Flags, destination: string): void {
  if (values.config.length === 0) throw usageError('use the --config flag it is mandatory');
  if (destination.startsWith(toDisk) && values.from) {
    throw usageError(`${assumesDisk} --from argument is not needed`);
  }
  if (values.from && !values.from.startsWith(toDisk)) {
    throw usageError('when --from is used, it must have file:// prefix');
  }
  if (values.since && !isDay(values.since)) {
    throw usageError('--since flag needs to be in format yyyy-MM-dd');
  }
  checkRange('parallel-images', values['parallel-images']);
  checkRange('parallel-layers', values['parallel-layers']);
  refuseNegative(values, 'max-nested-paths');
  if (values['dry-run'] && values['dry-run-manifest-lists']) {
    throw usageError('--dry-run and --dry-run-manifest-lists cannot be used together');
  }
}

/** Checks the flags that depend on the destination, in oc-mirror's order. */
function checkDestination({ values }: Flags, destination: string): void {
  if (destination.startsWith(toDisk)) {
    if (values.workspace) throw usageError(`${assumesDisk} --workspace argument is not needed`);
    return;
  }
  if (!destination.startsWith(toRegistry)) {
    throw usageError(
      'destination must have either file:// (mirror to disk) or docker:// (diskToMirror) protocol prefixes',
      whatIsMeant(destination) ??
        `Write docker://${destination.replace(/^[a-z]+:\/+/, '')} for a registry, file://DIR for an archive.`,
    );
  }
  const dockerIs = 'when destination is docker://,';
  if (values.from && values.workspace) {
    throw usageError(
      `${dockerIs} ${fromArgument} and ${workspaceArgument} cannot be used together`,
    );
  }
  if (!values.from && !values.workspace) {
    throw usageError(
      `${dockerIs} either ${fromArgument} or ${workspaceArgument} need to be provided`,
      'Add --workspace file://DIR, a directory that is kept between runs.',
    );
  }
}

function readDryRun({ values }: Pick<Flags, 'values'>): DryRun {
  if (values['dry-run-manifest-lists']) return 'manifest-lists';
  return values['dry-run'] ? 'mapping' : 'no';
}

/**
 * Validates a mirror command line.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 * @see oc-mirror v2, positional and prefix validation
 */
export function readMirrorRoute(flags: Flags): MirrorRoute {
  const [destination] = flags.words;
  if (destination === undefined) {
    throw usageError(
      'requires at least 1 arg(s), only received 0',
      'Name the destination: docker://host[:port][/path], or file://DIR for an archive.',
    );
  }
  checkFlags(flags, destination);
  const workingDirectory = findWorkingDirectory(flags.values.workspace);
  checkDestination(flags, destination);
  refuseSecond(flags.words);
  const dryRun = readDryRun(flags);
  const archive = (destination.startsWith(toDisk) ? destination : flags.values.from).slice(
    toDisk.length,
  );
  const onDisk = { archive, workingDirectory: join(archive, 'working-dir'), dryRun };
  if (destination.startsWith(toDisk)) {
    return { mode: 'mirrorToDisk', target: `localhost:${flags.values.port}`, ...onDisk };
  }
  const target = readDestination(destination);
  if (flags.values.from) return { mode: 'diskToMirror', target, ...onDisk };
  return { mode: 'mirrorToMirror', target, workingDirectory, dryRun };
}
