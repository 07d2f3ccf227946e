// npm run bench: the time of imageset-mirror next to that of its peers, on two registries of this machine.
import { writeFileSync } from 'node:fs';
import { argv, exit, stdout } from 'node:process';
import { catalog } from './bench/catalog.mjs';
import { createLab } from './bench/lab.mjs';
import { readOptions, usage } from './bench/options.mjs';
import { blob, change, latency, mirror } from './bench/scenarios.mjs';
import { stopAll } from './bench/site.mjs';
import { renderStart } from './bench/start.mjs';
import { renderTable } from './bench/table.mjs';
import { createOurs, peers } from './bench/tools.mjs';

const scenarios = new Map(Object.entries({ mirror, change, blob, latency, catalog }));

const say = (text) => stdout.write(`${text}\n`);

/** Chooses who takes part; who is not here is named. */
function chooseTools(options) {
  const wanted = [createOurs(options), ...peers].filter(
    ({ name }) => options.tools?.includes(name) ?? true,
  );
  const here = wanted.filter((tool) => tool.isHere());
  const absent = wanted.filter((tool) => !here.includes(tool)).map(({ name }) => name);
  if (absent.length > 0) say(`Not here, so not measured: ${absent.join(', ')}.`);
  for (const { name, settings } of here) say(`${name}: ${settings}`);
  return here;
}

function describe({ options, world, disk }) {
  const { shape, roundTripMs } = options;
  const images = 2 * (shape.components + 1) - shape.shared;
  const megabytes = Math.round((images * shape.layers * shape.layerBytes) / 1e6);
  say(`${world.placements.length} placements of ${images} images, ${megabytes} MB, below ${disk}`);
  const { source, target } = roundTripMs;
  if (options.only.includes('latency')) {
    say(`latency: ${source} ms round trip to the source, ${target} ms to the target`);
  }
}

/** Measures the start of the bundles, which needs no other tool and no registry. */
async function benchStart() {
  say('start');
  for (const text of await renderStart()) say(text);
}

async function benchTools(options) {
  const tools = chooseTools(options);
  say('making the world ...');
  const lab = await createLab(options, say);
  describe(lab);
  for (const name of options.only.filter((one) => scenarios.has(one))) {
    say(name);
    await scenarios.get(name)(lab, tools);
  }
  await lab.close();
  for (const text of renderTable(lab.results)) say(text);
  if (tools.some(({ slow }) => slow))
    say('\n* a part of the images was copied, the time is scaled up');
  if (options.json) writeFileSync(options.json, `${JSON.stringify(lab.results, null, 2)}\n`);
}

process.on('exit', stopAll);
process.on('SIGINT', () => exit(130));
process.on('SIGTERM', () => exit(143));
const options = readOptions(argv.slice(2));
if (options.help) say(usage);
else {
  if (options.only.includes('start')) await benchStart();
  if (options.only.some((name) => scenarios.has(name))) await benchTools(options);
}
