import { capitalize } from '../../views/index.ts';
import type { Command } from '../command.ts';

/** The parts of a usage text beside the forms and flags of a command. */
export interface Help {
  /** A sentence or two. */
  readonly description: string;
  /** Command lines, without the name of the program. */
  readonly examples: readonly string[];
  /** The common flags that have an effect here. */
  readonly common: readonly string[];
}

const always = ['help', 'log-level', 'quiet'];
const reads = [...always, 'workspace'];
const attempts = ['retry-times', 'retry-delay'];
const source = ['authfile', 'src-tls-verify', ...attempts];
const target = ['authfile', 'dest-tls-verify', ...attempts];
const both = [...new Set([...source, ...target])];
const copies = ['parallel-images', 'parallel-layers'];
const trust = ['policy', 'registries.d'];

const registry = 'docker://registry.example.com:8443/ocp';
const workspace = '--workspace file://ws';

const helps: Readonly<Record<string, Help>> = {
  '': {
    description:
      'Mirrors the content that image sets ask for, from registry to registry or over an archive on disk, and deletes nothing. The commands and flags are those of oc-mirror v2; plan and apply delete too, after a review.',
    examples: [
      `-c isc.yaml ${workspace} ${registry}`,
      `-c isc.yaml ${workspace} --dry-run ${registry}`,
      '-c isc.yaml file://archive',
      `-c isc.yaml --from file://archive ${registry}`,
    ],
    common: [...reads, 'config', 'version', ...both, ...copies, ...trust, 'cache-dir', 'port'],
  },
  plan: {
    description:
      'Writes what would be mirrored, deleted and held: plan.json, the lists of what goes, a report. Nothing in the registry changes.',
    examples: [
      `plan -c isc.yaml ${workspace} ${registry}`,
      `plan -c new.yaml --before old.yaml ${registry}`,
    ],
    common: [...reads, 'config', ...both, ...copies, ...trust],
  },
  apply: {
    description:
      'Does exactly what a plan says: mirrors, verifies, writes the cluster resources, and only then deletes.',
    examples: [`apply --plan ws/working-dir/plan/plan.json ${workspace} ${registry}`],
    common: [...reads, 'config', ...both, ...copies, ...trust],
  },
  delete: {
    description:
      'Deletes what was mirrored, in two steps: the first one writes a list, the second one deletes by it. What something kept still needs is never deleted.',
    examples: [
      `delete --generate -c disc.yaml ${workspace} ${registry}`,
      `delete --delete-yaml-file ws/working-dir/delete/delete-images.yaml ${registry}`,
    ],
    common: [...reads, 'config', ...both, ...copies, 'cache-dir'],
  },
  list: {
    description: 'Lists what can be mirrored.',
    examples: ['list operators --catalogs --version 4.18', 'list releases --version 4.18'],
    common: always,
  },
  operators: {
    description:
      'Lists the catalogs of an OpenShift version, the packages of a catalog, the channels of a package, or the versions in a channel.',
    examples: [
      'list operators --catalogs --version 4.18',
      'list operators --catalog registry.redhat.io/redhat/redhat-operator-index:v4.18',
    ],
    common: [...reads, ...source],
  },
  releases: {
    description: 'Lists OpenShift versions, their channels, and the releases of a channel.',
    examples: ['list releases --version 4.18', 'list releases --channels --version 4.18'],
    common: [...reads, ...source],
  },
  lint: {
    description:
      'Checks configurations of both kinds, line by line, and asks no registry. With --fix it first corrects mistakes that have only one possible meaning, also in files of oc-mirror v1; everything else stays as it is.',
    examples: ['lint isc.yaml disc.yaml', 'lint --fix isc.yaml'],
    common: reads,
  },
  verify: {
    description:
      'Checks that everything that was mirrored still lies in the registry, whole. With --repair it brings back from the sources what is missing or damaged; a tag that names another image stays. With -c it also suggests what sources have by now and the mirror lacks.',
    examples: [
      `verify ${registry}`,
      `verify --deep --repair ${registry}`,
      `verify -c isc.yaml ${registry}`,
    ],
    common: [...reads, 'config', ...both, ...trust],
  },
  restore: {
    description:
      'Puts back what an apply deleted, as far as the registry still has the blobs of it.',
    examples: [`restore --undo last ${registry}`],
    common: [...reads, ...target],
  },
  history: {
    description:
      'Lists the applies of a target, the newest first: when, by whom, from which commit, what was done, the approval, and the command that undoes it.',
    examples: [`history ${registry}`, `history --output json ${registry}`],
    common: [...reads, ...target],
  },
  probe: {
    description:
      'Tries in a repository of its own what the registry can do, names its product, and removes what it put there as far as the registry allows it. Later plans of the same workspace say what will be held.',
    examples: [`probe ${workspace} ${registry}`],
    common: [...reads, ...target],
  },
  'state list': {
    description:
      'Lists the image sets that the state knows, with number and bytes of their images.',
    examples: [`state list ${registry}`],
    common: [...reads, ...target],
  },
  'state retire': {
    description:
      'Plans the end of an image set: what no other image set wants is deleted. Nothing in the registry changes before the plan is applied.',
    examples: [`state retire clusters/prod ${workspace} ${registry}`],
    common: [...reads, ...both],
  },
  demo: {
    description:
      'Shows the whole story on registries of its own, inside this process: mirror, plan, delete safely, restore.',
    examples: ['demo'],
    common: ['help'],
  },
  version: {
    description: 'Prints the version.',
    examples: ['version --short', 'version --output json'],
    common: ['help'],
  },
  help: {
    description: 'Explains the program, or one command of it.',
    examples: ['help plan', 'help list operators'],
    common: ['help'],
  },
  completion: {
    description: 'Prints a script that completes commands and flags in a shell.',
    examples: [
      'completion bash > /etc/bash_completion.d/imageset-mirror',
      'completion zsh > /usr/local/share/zsh/site-functions/_imageset-mirror',
      'completion fish > ~/.config/fish/completions/imageset-mirror.fish',
    ],
    common: ['help'],
  },
};

/** Gives the help of a command; without an entry it is made from its summary. */
export function helpOf({ name, parent, summary }: Command): Help {
  const description = `${capitalize(summary)}.`;
  return (
    helps[parent === undefined ? name : `${parent} ${name}`] ?? {
      description,
      examples: [],
      common: reads,
    }
  );
}
