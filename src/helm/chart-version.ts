import semver, { type SemVer } from 'semver';

/** Reads a version as Helm does: a leading `v` and missing parts are forgiven. */
function looseVersion(text: string): SemVer | undefined {
  const exact = semver.parse(text, { loose: true });
  if (exact) return exact;
  const [, bare] = /^v?(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  return bare === undefined ? undefined : (semver.coerce(bare) ?? undefined);
}

/** Writes a constraint of Helm in the words of the library: a comma joins two that both have to hold. */
function rangeOf(wanted: string): string | null {
  return semver.validRange(wanted.replaceAll(',', ' ').replaceAll(/([<>=~^]) +/g, '$1'), {
    loose: true,
  });
}

/**
 * Chooses a version of a chart: the one that is written exactly so, else the highest within the constraint.
 *
 * Without a constraint it is the highest that is no pre-release; `undefined` when none fits.
 * @see helm.sh, `helm pull --version`
 */
export function chooseChartVersion<Version extends { readonly version: string }>(
  versions: readonly Version[],
  wanted: string,
): Version | undefined {
  const exact = versions.find(({ version }) => version === wanted);
  const range = wanted.trim() === '' ? '*' : rangeOf(wanted);
  if (exact || range === null) return exact;
  // As in Helm, a constraint that names a pre-release lets all of them in.
  const includePrerelease = /\d-[0-9A-Za-z]/.test(wanted);
  const fitting = versions.flatMap((one) => {
    const parsed = looseVersion(one.version);
    return parsed && semver.satisfies(parsed, range, { includePrerelease })
      ? [{ one, parsed }]
      : [];
  });
  // A stable sort: of two equal versions the first of the index counts.
  return fitting.toSorted((a, b) => b.parsed.compare(a.parsed))[0]?.one;
}

/** Writes a version without a leading `v` and with all its parts, as file names have it; `undefined` for no version. */
export function canonicalVersion(text: string): string | undefined {
  const parsed = looseVersion(text);
  if (!parsed) return undefined;
  return parsed.build.length > 0 ? `${parsed.version}+${parsed.build.join('.')}` : parsed.version;
}
