// What is measured. Each scenario runs its rounds by itself; within a round the tools take turns.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { putLargeImage } from './large-image.mjs';

/** So many images are copied by tools that start a process for each; their time is scaled up. */
const sampleSize = 48;

function sampleOf(placements) {
  const step = Math.max(1, Math.floor(placements.length / sampleSize));
  return placements.filter((_, index) => index % step === 0);
}

function jobFor(lab, tool, { placements, imageSet }) {
  const part = tool.slow ? sampleOf(placements) : placements;
  const { host: target } = lab.target;
  const job = {
    placements: part,
    imageSet,
    target,
    workspace: lab.workspace(),
    env: lab.world.env,
  };
  return { job, scale: placements.length / part.length };
}

function scaled(result, scale) {
  if (scale === 1) return;
  result.seconds *= scale;
  result.scaled = scale;
}

/** Everything is new; then nothing is. */
export async function mirror(lab, tools, link = 'loopback') {
  const { placements, both: imageSet } = lab.world;
  const far = link === 'latency' ? ' with latency' : '';
  for (let round = 0; round < lab.options.rounds; round += 1) {
    for (const tool of tools) {
      await lab.open({ link }, async () => {
        const { job, scale } = jobFor(lab, tool, { placements, imageSet });
        const prepared = tool.prepare(job);
        const cold = await lab.run(`cold${far}`, tool, prepared);
        cold.problem ??= await lab.findMissing(job.placements);
        const again = await lab.run(`again${far}`, tool, prepared);
        again.problem ??= await lab.findMissing(job.placements);
        for (const result of [cold, again]) scaled(result, scale);
      });
    }
  }
}

/** The same with the source and the target far away. */
export const latency = (lab, tools) => mirror(lab, tools, 'latency');

/** One image with one large blob. */
export async function blob(lab, tools) {
  const { large: placements, largeSet: imageSet, source } = { ...lab.world, ...lab };
  await source.start();
  await putLargeImage(source.host, lab.options.blobBytes);
  await source.stop();
  for (let round = 0; round < lab.options.rounds; round += 1) {
    for (const tool of tools) {
      await lab.open({}, async () => {
        const { job } = jobFor(lab, tool, { placements, imageSet });
        const result = await lab.run('one large blob', tool, tool.prepare(job));
        result.problem ??= await lab.findMissing(placements);
      });
    }
  }
}

/** The change of the story: the older release is no longer wanted. */
function changeOf(lab, workspace) {
  const { newer, both, env } = lab.world;
  const job = { imageSet: newer, target: lab.target.host, workspace, env };
  return { job, before: both };
}

async function mirrorOnce(lab, ours, places) {
  await lab.open({}, async () => {
    const { job } = jobFor(lab, ours, { placements: [], imageSet: lab.world.both });
    const result = await lab.run('preparation', ours, ours.prepare(job));
    if (result.problem) throw new Error(`the world cannot be mirrored: ${result.problem}`);
    cpSync(job.workspace, places.workspace, { recursive: true });
  });
  cpSync(lab.target.storage, places.storage, { recursive: true });
}

async function recordOnce(lab, ours, places) {
  const recorder = join(import.meta.dirname, 'recorder.mjs');
  const front = (listen, to) => {
    const told = JSON.stringify({ listen, to, file: places.recording });
    return [process.execPath, [recorder, told]];
  };
  const { job, before } = changeOf(lab, lab.workspace(places.workspace));
  const run = async (prepared) => {
    const { problem } = await lab.run('recording', ours, prepared);
    if (problem) throw new Error(`the change cannot be recorded: ${problem}`);
  };
  await lab.open({ snapshot: places.storage }, () => run(ours.plan(job, before)));
  await lab.open({ snapshot: places.storage, front }, () => run(ours.apply(job)));
}

/** The newer release is whole, and no tag of the older one is left. */
async function findWrong(lab) {
  const { going, staying } = lab.world;
  const missing = await lab.countMissing(staying);
  const left = await lab.countListed(going);
  if (missing === 0 && left === 0) return undefined;
  return `${missing} images of the newer release are missing, ${left} tags of the older one are left`;
}

/** Plan and apply of the change with a warm workspace; then the requests of the apply, sent again by a raw loop. */
export async function change(lab, tools) {
  const ours = tools.find((tool) => 'apply' in tool);
  if (!ours) return;
  const places = {
    workspace: lab.path('warm'),
    storage: lab.path('snapshot'),
    recording: lab.path('requests.json'),
  };
  await mirrorOnce(lab, ours, places);
  await recordOnce(lab, ours, places);
  const replay = join(import.meta.dirname, 'replay.mjs');
  for (let round = 0; round < lab.options.rounds; round += 1) {
    await lab.open({ snapshot: places.storage }, async () => {
      const { job, before } = changeOf(lab, lab.workspace(places.workspace));
      await lab.run('plan', ours, ours.plan(job, before));
      const applied = await lab.run('apply', ours, ours.apply(job));
      applied.problem ??= await findWrong(lab);
    });
    for (const which of ['all', 'writes']) {
      const command = [process.execPath, replay, places.recording, lab.target.host, which];
      const name = which === 'all' ? 'raw loop' : 'its writes alone';
      await lab.open({ snapshot: places.storage }, () => lab.run('apply', { name }, { command }));
    }
  }
  rmSync(places.storage, { recursive: true, force: true });
}
