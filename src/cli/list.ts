import type { Listing, ListOperatorsRequest, ListReleasesRequest } from '../run/index.ts';
import { visible } from '../views/index.ts';
import { type Command, defineCommand } from './command.ts';
import type { Console } from './console.ts';
import { genericFailure } from './exit-code.ts';
import { commonFlags, listOperatorsFlags, listReleasesFlags } from './flag-tables.ts';
import { type Parsed, usageError } from './flags.ts';
import { settingsOfFlags } from './settings.ts';
import { words } from './words.ts';
import { findWorkingDirectory } from './workspace.ts';
import type { World } from './world.ts';

type OperatorsFlags = Parsed<typeof listOperatorsFlags>;
type ReleasesFlags = Parsed<typeof listReleasesFlags>;

/** The architectures that releases are built for. */
const architectures = ['amd64', 'arm64', 'multi', 'ppc64le', 's390x'];

/** Refuses names that oc-mirror refuses; but a name with its transport, as in configurations, is accepted. */
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

/** Refuses flags that need or exclude each other, in the words of oc-mirror's flag library. */
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
 * Reads the request of `list operators`; `--version` alone asks for catalogs.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 */
function readOperatorsRequest(flags: OperatorsFlags): ListOperatorsRequest {
  const { catalog, channel, version } = flags.values;
  const name = flags.values.package;
  if (catalog !== '') checkCatalog(catalog);
  if (name !== '' && catalog === '') throw usageError('must specify --catalog with --package');
  if (channel !== '' && name === '') {
    throw usageError('must specify --catalog and --package with --channel');
  }
  checkTogether(flags);
  if (catalog === '') return { version };
  return { catalog, ...(name !== '' && { package: name }), ...(channel !== '' && { channel }) };
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
 * Reads the request of `list releases`.
 * @throws ConfigError `INPUT_INVALID` in oc-mirror's words
 */
function readReleasesRequest({ values }: ReleasesFlags): ListReleasesRequest {
  const { version, channels } = values;
  if (channels && version === '') throw usageError('must specify --version with --channels');
  const channel = values.channel === '' && version !== '' ? `stable-${version}` : values.channel;
  if (channel === 'stable-') throw usageError('must specify --version or --channel');
  const wanted = readArchitectures(values['filter-by-archs']);
  if (channels) return { what: 'channels', version, channel };
  if (channel === '') return { what: 'versions' };
  return { what: 'releases', version, channel, architectures: wanted };
}

/** Prints a list to the screen only, and failures to the log; gives the exit code. */
function print({ lines, failures }: Listing, console: Console, world: World): number {
  for (const line of lines) world.stdout.write(`${visible(line)}\n`);
  if (failures.length === 0) return 0;
  console.log('error', words.executor(failures.map(({ message }) => message).join('\n')));
  for (const hint of new Set(failures.flatMap((one) => one.hint ?? []))) console.log('error', hint);
  return genericFailure;
}

const listOperatorsCommand = defineCommand({
  name: 'operators',
  usage: [
    'list operators --catalog HOST/PATH:TAG [--package NAME [--channel NAME]] [--workspace file://DIR]',
    'list operators --catalogs --version VERSION',
  ],
  summary: 'list operator catalogs, their packages, channels and versions',
  flags: listOperatorsFlags,
  usageOnMistake: true,
  prepare(parsed, world) {
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const request = readOperatorsRequest(parsed);
    return async (console) => {
      console.greet();
      const settings = settingsOfFlags(parsed, { world, log: console, target: '', workspace });
      return print(await world.jobs.listOperators(settings, request), console, world);
    };
  },
});

const listReleasesCommand = defineCommand({
  name: 'releases',
  usage: [
    'list releases',
    'list releases --version VERSION [--channels]',
    'list releases --channel NAME [--filter-by-archs NAME,…]',
  ],
  summary: 'list OpenShift versions, their channels and releases',
  flags: listReleasesFlags,
  usageOnMistake: true,
  prepare(parsed, world) {
    const workspace = findWorkingDirectory(parsed.values.workspace);
    const request = readReleasesRequest(parsed);
    return async (console) => {
      console.greet();
      const settings = settingsOfFlags(parsed, { world, log: console, target: '', workspace });
      return print(await world.jobs.listReleases(settings, request), console, world);
    };
  },
});

const commands: readonly Command[] = [listOperatorsCommand, listReleasesCommand];

/** Lists content that can be mirrored. Without a further command it prints its help, as oc-mirror does. */
export const listCommand: Command = {
  ...defineCommand({
    name: 'list',
    usage: ['list operators …', 'list releases …'],
    summary: 'list what can be mirrored: operators, releases',
    flags: commonFlags,
    usageOnMistake: true,
    prepare({ words: [word] }) {
      if (word === undefined) return 'help';
      throw usageError(`unknown command "${word}" for "imageset-mirror list"`);
    },
  }),
  commands,
};
