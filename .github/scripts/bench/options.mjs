// What can be said on the command line of the bench.
import { parseArgs } from 'node:util';

const definitions = {
  rounds: { type: 'string', default: '3' },
  only: { type: 'string' },
  tools: { type: 'string' },
  quick: { type: 'boolean', default: false },
  components: { type: 'string' },
  layers: { type: 'string', default: '3' },
  'blob-mb': { type: 'string' },
  'catalog-mb': { type: 'string' },
  'source-rtt': { type: 'string', default: '40' },
  'target-rtt': { type: 'string', default: '4' },
  entry: { type: 'string' },
  profile: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
};

export const usage = `npm run bench -- [options]

  --rounds N         rounds of each scenario, tools taking turns (3)
  --only A,B         of: start, mirror, change, blob, latency, catalog
  --tools A,B        of: imageset-mirror, regsync, crane, skopeo, oc-mirror
  --quick            a small world and one round: shows that the bench works, its figures say little
  --components N     components of each release (191); the first third of them is shared
  --layers N         layers of each component (3); the sum of bytes stays
  --blob-mb N        size of the one large blob (2048)
  --catalog-mb N     size of the catalog of 300 packages, as JSON (300)
  --source-rtt MS    round trip to the source in the latency scenario (40)
  --target-rtt MS    round trip to the target in it (4)
  --entry FILE       JavaScript to run as imageset-mirror (dist/cli/index.js)
  --profile DIR      write processor profiles of imageset-mirror there
  --json FILE        write every measurement there
`;

export const scenarioNames = ['start', 'mirror', 'change', 'blob', 'latency', 'catalog'];
/** 322 images that differ make about 434 MB. */
const bytesOfComponent = 1_347_000;

function list(text) {
  return text === undefined ? undefined : text.split(',').map((name) => name.trim());
}

function whole(name, text) {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} has to be a whole number, not ${text}`);
  return Number(text);
}

/** Reads the command line. */
export function readOptions(args) {
  const { values } = parseArgs({ args, options: definitions });
  const { quick } = values;
  const number = (name, fallback) => whole(name, values[name] ?? fallback);
  const only = list(values.only) ?? scenarioNames;
  const unknown = only.filter((name) => !scenarioNames.includes(name));
  if (unknown.length > 0) throw new Error(`--only does not know ${unknown.join(', ')}`);
  const components = number('components', quick ? '23' : '191');
  const layers = number('layers');
  return {
    help: values.help,
    rounds: quick ? 1 : number('rounds'),
    only,
    tools: list(values.tools),
    shape: {
      components,
      shared: Math.round((components * 60) / 191),
      layers,
      layerBytes: Math.round(bytesOfComponent / layers),
    },
    blobBytes: number('blob-mb', quick ? '256' : '2048') * 1024 * 1024,
    catalogBytes: number('catalog-mb', quick ? '30' : '300') * 1e6,
    roundTripMs: { source: number('source-rtt'), target: number('target-rtt') },
    entry: values.entry,
    profile: values.profile,
    json: values.json,
  };
}
