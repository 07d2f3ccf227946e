/**
 * Every input of the action with its default, as `action.yml` declares it; a test compares the two and the README.
 *
 * The default of `github-token` is an expression of the runner; without a runner it is empty.
 */
export const inputDefaults = {
  command: 'auto',
  config: '',
  target: '',
  'pull-secret': '',
  'auth-file': '',
  username: '',
  password: '',
  'ca-bundle': '',
  'insecure-registries': '',
  'registries-conf': '',
  workspace: '',
  cache: 'auto',
  state: 'registry',
  base: '',
  name: '',
  prune: 'removed',
  'max-delete': '50%',
  protect: '',
  'require-review': 'deletes',
  approve: '',
  undo: '',
  comment: 'auto',
  'fail-on': 'error',
  upload: 'auto',
  'artifact-name': '',
  'verify-signatures': 'releases',
  'signature-keys': '',
  signatures: 'copy',
  parallel: '',
  shard: '',
  'github-token': '',
} as const;

/** The name of an input, as a workflow writes it. */
export type InputName = keyof typeof inputDefaults;

/** Every output of the action. */
export const outputNames = [
  'has-changes',
  'plan-digest',
  'mirror-count',
  'delete-count',
  'hold-count',
  'failed-count',
  'bytes-to-mirror',
  'bytes-to-free',
  'outcome',
  'plan-path',
  'delete-list-path',
  'report-path',
  'cluster-resources-path',
  'artifact-id',
  'shards',
] as const;

/** The name of an output. */
export type OutputName = (typeof outputNames)[number];
