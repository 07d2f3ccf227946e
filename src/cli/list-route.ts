import type { ListOperatorsRequest, ListReleasesRequest } from '../run/index.ts';
import type { listOperatorsFlags, listReleasesFlags } from './flag-tables.ts';
import type { Parsed } from './flags.ts';
import { usageError } from './validate.ts';

type OperatorsFlags = Parsed<typeof listOperatorsFlags>;
type ReleasesFlags = Parsed<typeof listReleasesFlags>;

/** The architectures that releases are built for. */
const architectures = ['amd64', 'arm64', 'multi', 'ppc64le', 's390x'];

/** Refuses names that oc-mirror refuses, but takes one with its transport, as configurations have it. */
function checkCatalog(text: string): void {
  if (/^(?:docker|oci):\/\//.test(text)) return;
  const refused = (why: string, hint: string) => usageError(`"${text}": ${why}`, hint);
  const example = 'Write host/path:tag or host/path@sha256:<digest>.';
  const [, host = '', path = ''] = /^([^/]*)\/([^@]*)/.exec(text) ?? [];
  if (/\s|:\/\//.test(text)) throw refused('invalid reference format', example);
  if (!/[.:A-Z]/.test(host) && host !== 'localhost') {
    throw refused('repository name must be canonical', example);
  }
  if (/[A-Z]/.test(path.replace(/:[^:/]*$/, ''))) {
    throw refused('invalid reference format: repository name must be lowercase', example);
  }
}

/** What oc-mirror's flag library says of flags that need or exclude each other. */
function checkTogether({ given, values }: OperatorsFlags): void {
  if (given.has('catalogs') && values.version === '') {
    throw usageError(
      'if any flags in the group [catalogs version] are set they must all be set; missing [version]',
      'Name the OpenShift version, as in --version 4.18.',
    );
  }
  const asksCatalogs = given.has('catalogs') || values.version !== '';
  if (values.catalog === '' && !asksCatalogs) {
    throw usageError('at least one of the flags in the group [catalog catalogs] is required');
  }
  if (values.catalog !== '' && asksCatalogs) {
    throw usageError(
      'if any flags in the group [catalog catalogs] are set none of the others can be; [catalog catalogs] were all set',
    );
  }
}

/**
 * Reads what `list operators` is to list; `--version` by itself asks for catalogs.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 */
export function readOperatorsRequest(flags: OperatorsFlags): ListOperatorsRequest {
  const { catalog, channel, version } = flags.values;
  const name = flags.values.package;
  if (catalog !== '') checkCatalog(catalog);
  if (name !== '' && catalog === '') throw usageError('must specify --catalog with --package');
  if (channel !== '' && name === '') {
    throw usageError('must specify --catalog and --package with --channel');
  }
  checkTogether(flags);
  if (catalog === '') return { version };
  return {
    catalog,
    ...(name !== '' && { package: name }),
    ...(channel !== '' && { channel }),
  };
}

function readArchitectures(written: readonly string[]): readonly string[] {
  const wanted = written.flatMap((text) => text.split(',')).filter((name) => name !== '');
  const unknown = [...new Set(wanted)].filter((name) => !architectures.includes(name));
  if (unknown.length > 0) {
    throw usageError(
      `invalid architecture(s) [${unknown.join(' ')}]. Known architectures: [${architectures.join(' ')}]`,
    );
  }
  return wanted.length > 0 ? wanted : ['amd64'];
}

/**
 * Reads what `list releases` is to list.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 */
export function readReleasesRequest({ values }: ReleasesFlags): ListReleasesRequest {
  const { version, channels } = values;
  if (channels && version === '') throw usageError('must specify --version with --channels');
  const channel = values.channel === '' && version !== '' ? `stable-${version}` : values.channel;
  if (channel === 'stable-') throw usageError('must specify --version or --channel');
  const wanted = readArchitectures(values['filter-by-archs']);
  if (channels) return { what: 'channels', version, channel };
  if (channel === '') return { what: 'versions' };
  return { what: 'releases', version, channel, architectures: wanted };
}
