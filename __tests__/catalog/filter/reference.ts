import semver from 'semver';
import type { CatalogWish, PackageWish } from '../../../src/catalog/filter/index.ts';
import type { ShortPackage, Step } from './catalogs.ts';

/**
 * The filter once more, written from the description of oc-mirror's behaviour and from nothing else: slow, and plain to see.
 *
 * It may use npm's semver because the versions it is given are small and strict.
 */

/** The bundles that stay, as `<package>/<bundle>`; or the reason why nothing does. */
export type Expected =
  | { readonly kept: ReadonlySet<string> }
  | { readonly errors: readonly string[] };

type Channel = ShortPackage['channels'][number];

/** Every name that a step points to. */
function pointsTo(step: Step): readonly string[] {
  return [...(step.replaces ? [step.replaces] : []), ...(step.skips ?? [])];
}

function reaches(
  from: string,
  to: string,
  steps: readonly Step[],
  seen: readonly string[],
): boolean {
  if (seen.includes(from)) return false;
  const next = steps.filter(({ name }) => name === from).flatMap(pointsTo);
  return next.includes(to) || next.some((one) => reaches(one, to, steps, [...seen, from]));
}

function wrongsOf(step: Step, before: readonly Step[]): readonly string[] {
  if (before.some(({ name }) => name === step.name)) {
    return [`duplicate channel entry "${step.name}"`];
  }
  const invalid = `invalid channel entry "${step.name}":`;
  const skipsItself = (step.skips ?? []).filter((skip) => skip === step.name);
  return [
    ...(step.replaces === step.name ? [`${invalid} replaces itself`] : []),
    ...skipsItself.map(() => `${invalid} skips itself`),
  ];
}

function wrongs(steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return ['channel has no entries'];
  const found = steps.flatMap((step, index) => wrongsOf(step, steps.slice(0, index)));
  const counted = steps.filter((step) => steps.find(({ name }) => name === step.name) === step);
  const heads = steps
    .map(({ name }) => name)
    .filter((name) => !counted.some((step) => pointsTo(step).includes(name)));
  if (heads.length === 0) found.push('no channel heads found');
  if (heads.length > 1) found.push(`multiple channel heads found: [${heads.sort().join(' ')}]`);
  if (found.length > 0) return found;
  const isCyclic = steps.some(({ name }) => reaches(name, name, steps, []));
  return isCyclic ? ['detected a cycle in the upgrade graph of the channel'] : [];
}

function headOf(steps: readonly Step[]): string {
  return steps.find(({ name }) => !steps.some((step) => pointsTo(step).includes(name)))?.name ?? '';
}

function complete(bound: string): string {
  const [, core = '', rest = ''] = /^v?([\d.]+)(.*)$/.exec(bound) ?? [];
  return `${[...core.split('.'), '0', '0'].slice(0, 3).join('.')}${rest}`;
}

function within(version: string | undefined, min = '', max = ''): boolean {
  if (version === undefined) return false;
  const allowsPrerelease = [min, max].some((bound) => bound.split('+')[0]?.includes('-'));
  if (semver.prerelease(version) && !allowsPrerelease) return false;
  if (min && semver.lt(version, complete(min))) return false;
  if (!max) return true;
  const parts = max.replace(/^v/, '').split(/[-+]/)[0]?.split('.') ?? [];
  if (parts.length === 3) return semver.lte(version, complete(max));
  const [major, minor] = parts.map(Number);
  const own = [semver.major(version), semver.minor(version)] as const;
  if (own[0] !== major) return own[0] < (major ?? 0);
  return minor === undefined || own[1] <= minor;
}

/** The names that a range keeps. */
function inRange(steps: readonly Step[], isIn: (name: string) => boolean): readonly string[] {
  const stepOf = (name: string) => steps.find((step) => step.name === name);
  const chain: string[] = [];
  for (let at: string | undefined = headOf(steps); at; at = stepOf(at)?.replaces) chain.push(at);
  const skipsOf = (name: string) => stepOf(name)?.skips ?? [];
  const counts = chain.map((_, index) => {
    const below = chain.slice(index).flatMap((name) => [name, ...skipsOf(name)]);
    return new Set(below.filter(isIn)).size;
  });
  const most = Math.max(...counts);
  if (most === 0) return [];
  const head = counts.lastIndexOf(most);
  const tail = counts.includes(0) ? counts.indexOf(0) : chain.length;
  return chain.slice(head, tail).flatMap((name) => [name, ...skipsOf(name).filter(isIn)]);
}

interface Asked {
  readonly full: boolean;
  readonly wish: PackageWish | undefined;
}

function pinned(short: ShortPackage, version: string): string | undefined {
  const equal = short.bundles.filter((one) => semver.eq(one.version ?? '', complete(version)));
  const last = (name: string) => short.bundles.findLast((one) => one.name === name)?.version ?? '';
  return equal
    .map(({ name }) => name)
    .filter((name) => semver.eq(last(name), complete(version)))
    .sort((a, b) => semver.compareBuild(last(b), last(a)) || (a < b ? 1 : -1))[0];
}

function fail(message: string): never {
  throw new Error(`failed to filter catalog: ${message}`);
}

function chooseByRange(
  channel: Channel,
  short: ShortPackage,
  min: string,
  max: string,
): readonly string[] {
  const wrong = wrongs(channel.entries).join('\n');
  if (wrong) fail(wrong);
  const versionOf = (name: string) => short.bundles.findLast((one) => one.name === name)?.version;
  const names = inRange(channel.entries, (name) => within(versionOf(name), min, max));
  if (names.length > 0 || channel.name !== short.defaultChannel) return names;
  const range = `${min && `>=${min}`}${max && ` <=${max}`}`;
  return fail(
    `package "${short.name}" channel "${channel.name}" has version range "${range}" that results in an empty channel`,
  );
}

function chooseHead(channel: Channel, short: ShortPackage): readonly string[] {
  const wrong = wrongs(channel.entries).join('\n');
  const place = `package "${short.name}" channel "${channel.name}"`;
  if (wrong) fail(`${place} unable to filter head of channel: ${wrong}`);
  return [headOf(channel.entries)];
}

function chooseIn(channel: Channel, short: ShortPackage, { full, wish }: Asked): readonly string[] {
  const listed = wish?.channels?.find(({ name }) => name === channel.name);
  const own = listed?.minVersion || listed?.maxVersion ? listed : wish;
  const { minVersion: min = '', maxVersion: max = '' } = own ?? {};
  if (full && (min || max)) fail('Full: true cannot be mixed with versionRange');
  if (full) return channel.entries.map(({ name }) => name);
  if (!min && !max) return chooseHead(channel, short);
  if (min !== max) return chooseByRange(channel, short, min, max);
  const found = pinned(short, min);
  const missing = `error finding specific bundle: specific version ${min} not found in bundles`;
  return found === undefined ? fail(missing) : [found];
}

/** Why each kind of no version is refused. */
const refusals: ReadonlyMap<string | undefined, string> = new Map([
  ['', 'version string empty'],
  ['1.2', 'invalid semantic version'],
  ['v1.0.0', 'invalid characters in version'],
  ['01.0.0', 'version segment starts with 0'],
  ['1.0.0-01', 'version segment starts with 0'],
  ['1.0.0+a_b', 'invalid metadata string'],
]);

function versionWrongs({ name: owner, bundles }: ShortPackage): readonly string[] {
  const unversioned = (name: string) =>
    `bundle "${name}" in package "${owner}" has no package property`;
  return bundles
    .map(({ name, version }) => (version === undefined ? unversioned(name) : refusals.get(version)))
    .flatMap((wrong) => (wrong === undefined ? [] : [`failed to filter catalog: ${wrong}`]));
}

function choosePackage(short: ShortPackage, asked: Asked): { kept: string[]; spoke: boolean } {
  const { wish } = asked;
  const unversioned = versionWrongs(short);
  if (unversioned.length > 0) throw new AggregateError(unversioned);
  const listed = wish?.channels ?? [];
  const channels = short.channels.filter(
    ({ name }) => listed.length === 0 || listed.some((one) => one.name === name),
  );
  const invalid = `failed to filter catalog: invalid default channel configuration for package "${short.name}":`;
  const has = (name: string) => channels.some((channel) => channel.name === name);
  if (wish?.defaultChannel && !has(wish.defaultChannel)) {
    throw new Error(
      `${invalid} specified default channel override "${wish.defaultChannel}" does not exist in the filtered output`,
    );
  }
  if (wish && !wish.defaultChannel && short.defaultChannel && !has(short.defaultChannel)) {
    throw new Error(
      `${invalid} the default channel "${short.defaultChannel}" was filtered out, a new default channel must be configured for this package`,
    );
  }
  const errors: string[] = [];
  const chosen = channels.flatMap((channel) => {
    try {
      return [chooseIn(channel, short, asked)];
    } catch (cause) {
      errors.push((cause as Error).message);
      return [];
    }
  });
  if (errors.length > 0) throw new AggregateError(errors);
  const exists = (name: string) => short.bundles.some((bundle) => bundle.name === name);
  return {
    kept: chosen.flat().filter(exists),
    spoke: channels.some(({ entries }) => !asked.full || entries.length > 0),
  };
}

/** Says what a filter has to keep of a catalog. */
export function expected(packages: readonly ShortPackage[], wish: CatalogWish): Expected {
  const wanted = wish.packages ?? [];
  const full = wish.full === true;
  const all = (short: ShortPackage) => short.bundles.map(({ name }) => name);
  if (wanted.length === 0 && full) {
    return {
      kept: new Set(packages.flatMap((one) => all(one).map((name) => `${one.name}/${name}`))),
    };
  }
  const errors: string[] = [];
  const chosen = packages
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => wanted.length === 0 || wanted.some((one) => one.name === name))
    .flatMap((short) => {
      const own = wanted.find(({ name }) => name === short.name);
      try {
        return [{ short, ...choosePackage(short, { full, wish: own }) }];
      } catch (cause) {
        errors.push(
          ...(cause instanceof AggregateError ? cause.errors : [(cause as Error).message]),
        );
        return [];
      }
    });
  if (errors.length > 0) return { errors };
  const anySpoke = chosen.some(({ spoke }) => spoke);
  const kept = chosen.flatMap(({ short, kept: names, spoke }) =>
    (spoke || anySpoke ? names : all(short)).map((name) => `${short.name}/${name}`),
  );
  return { kept: new Set(kept) };
}
