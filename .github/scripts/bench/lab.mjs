// The place of a measurement: two registries, a world on one of them, and what was measured.
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from './measure.mjs';
import { createSite } from './site.mjs';
import { createWorld } from './world.mjs';

const forwarder = join(import.meta.dirname, 'forwarder.mjs');
const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ');

/** Stands in front of a registry and is this far away. */
function distance(roundTripMs) {
  return (listen, to) => [
    process.execPath,
    [forwarder, JSON.stringify({ listen, to, roundTripMs })],
  ];
}

/** A memory disk where there is one, with room: a disk's fsync would hide the tools. */
function roomFor(bytes) {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > bytes) return '/dev/shm';
  } catch {
    // There is none here.
  }
  return tmpdir();
}

async function digestAt(host, repository, reference) {
  const url = `http://${host}/v2/${repository}/manifests/${reference}`;
  const answer = await fetch(url, { method: 'HEAD', headers: { accept: manifestTypes } });
  return answer.status === 200 ? answer.headers.get('docker-content-digest') : undefined;
}

async function tagsOf(host, repository) {
  const answer = await fetch(`http://${host}/v2/${repository}/tags/list`);
  const { tags } = answer.status === 200 ? await answer.json() : { tags: [] };
  return new Set(tags ?? []);
}

/** Creates the lab; the world is made and put on the source once, for all rounds. */
export async function createLab(options, say) {
  const disk = roomFor(4e9 + 3 * options.blobBytes);
  const directory = mkdtempSync(join(disk, 'imageset-mirror-bench-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const source = await createSite(directory, 'source');
  const target = await createSite(directory, 'target');
  await source.start();
  const world = await createWorld(join(directory, 'world'), source.host, options.shape);
  await source.stop();
  const results = [];

  return {
    options,
    say,
    source,
    target,
    world,
    results,
    disk,
    path: (name) => join(directory, name),
    /** Runs both registries, as near or far as said, around some work. */
    async open({ link = 'loopback', snapshot, front }, work) {
      const { roundTripMs } = options;
      target.reset(snapshot);
      await source.start(link === 'latency' ? distance(roundTripMs.source) : undefined);
      await target.start(link === 'latency' ? distance(roundTripMs.target) : front);
      try {
        return await work();
      } finally {
        await target.stop();
        await source.stop();
      }
    },
    /** An empty workspace, or a copy of one. */
    workspace(from) {
      const path = join(directory, 'workspace');
      rmSync(path, { recursive: true, force: true });
      if (from) cpSync(from, path, { recursive: true });
      else mkdirSync(path);
      return path;
    },
    /** Runs a tool and keeps what it took under a step's name. */
    async run(step, tool, { command, env, input }) {
      source.forgetRequests();
      target.forgetRequests();
      const took = await measure(command, { env, input, log: join(directory, 'output.log') });
      const result = {
        step,
        tool: tool.name,
        ...took,
        asked: { source: source.countRequests(), target: target.countRequests() },
      };
      results.push(result);
      say(`  ${step}, ${tool.name}: ${took.seconds.toFixed(2)} s${took.problem ? ', failed' : ''}`);
      return result;
    },
    /** Counts the placements whose tag in the target is not what its source is. */
    async countMissing(placements) {
      const found = await Promise.all(
        placements.map(async ({ source: from, repository, tag }) => {
          const digest = from.split('@')[1];
          const named = await digestAt(target.host, repository, tag);
          return named !== undefined && (digest === undefined || digest === named);
        }),
      );
      return found.filter((is) => !is).length;
    },
    /** Counts the placements whose tag is listed, whether it still names anything or not. */
    async countListed(placements) {
      const repositories = [...new Set(placements.map(({ repository }) => repository))];
      const lists = repositories.map(async (name) => [name, await tagsOf(target.host, name)]);
      const tags = new Map(await Promise.all(lists));
      return placements.filter(({ repository, tag }) => tags.get(repository).has(tag)).length;
    },
    /** Says what is missing, in words. */
    async findMissing(placements) {
      const missing = await this.countMissing(placements);
      if (missing === 0) return undefined;
      return `${missing} of ${placements.length} images are missing in the target`;
    },
    close: () => world.close(),
  };
}
