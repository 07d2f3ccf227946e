import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../log.ts';
import {
  type ApplyReport,
  type ConfigFile,
  isApplyEvent,
  type Listener,
  type PlanRequest,
  plan,
  planAndApply,
  restore,
} from '../run/index.ts';
import {
  capitalize,
  describeCheck,
  formatClosing,
  formatEvent,
  renderPlanText,
} from '../views/index.ts';
import { componentCount, type Scene, setScene } from './scene.ts';

/** The outside world of the demo. */
export interface DemoWorld {
  readonly clock: Clock;
  print(text: string): void;
}

const name = 'imageset-config.yaml';
const secondCommit = 'b8270e4d9c1f36a5e7082b4d6f91a3c5e7d90f12';

function config(minVersion: string): ConfigFile {
  return {
    name,
    text: `kind: ImageSetConfiguration
apiVersion: mirror.openshift.io/v2alpha1
mirror:
  platform:
    channels:
      - name: stable-4.16
        minVersion: ${minVersion}
        maxVersion: 4.16.6
`,
  };
}

function requestOf(commit: string, file: ConfigFile, before?: ConfigFile): PlanRequest {
  return {
    head: [{ ...file, commit }],
    headRevision: { commit, from: 'event' },
    async base(applied) {
      const last = applied.at(-1)?.commit;
      return (
        before && { files: [before], revision: { from: 'state', ...(last && { commit: last }) } }
      );
    },
  };
}

class Telling {
  readonly #scene: Scene;
  readonly #world: DemoWorld;

  constructor(scene: Scene, world: DemoWorld) {
    this.#scene = scene;
    this.#world = world;
  }

  say(text = ''): void {
    this.#world.print(`${text}\n`);
  }

  title(text: string): void {
    this.say(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}\n`);
  }

  #time(): string {
    return new Date(this.#world.clock.now()).toISOString().slice(11, 19);
  }

  /** Applies as after a merge, and prints the log. */
  async merge(request: PlanRequest): Promise<ApplyReport> {
    const listener: Listener = (event) => {
      const line = isApplyEvent(event) ? formatEvent(event, this.#time()) : undefined;
      if (line !== undefined) this.say(`  ${line}`);
    };
    const approve = async () => ({ require: 'none' }) as const;
    const report = await planAndApply(this.#scene.settings, request, { approve, listener });
    const closing = report.applied ? formatClosing(report.applied.result, this.#time()) : [];
    for (const line of closing) this.say(`  ${line}`);
    return report;
  }

  /** Writes files and gives their directory. */
  async save(folder: string, files: ReadonlyMap<string, string>): Promise<string> {
    const directory = join(this.#scene.directory, folder);
    for (const [path, text] of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    return directory;
  }
}

/** Pulls every tag of a release with all blobs; gives the number of tags. */
async function pullAll({ wire, host }: Scene, version: string): Promise<number> {
  const repository = wire.repository(host, 'openshift/release');
  const tags = (await repository.tags.list()) ?? [];
  let pulled = 0;
  for (const tag of tags.filter((one) => one.startsWith(version))) {
    const manifest = await repository.manifests.fetch(tag);
    const blobs = manifest?.kind === 'image' ? [manifest.config, ...manifest.layers] : [];
    for (const blob of blobs) {
      for await (const _ of await repository.blobs.fetch(blob)) {
        // Reading to the end verifies size and digest.
      }
    }
    pulled += manifest ? 1 : 0;
  }
  return pulled;
}

const opening = `imageset-mirror: plan, review, apply. Everything below happens in this process: a source
registry with two signed releases, an update service, and an empty mirror registry.`;

async function tell(telling: Telling, scene: Scene): Promise<number> {
  const [first, second] = [config('4.16.5'), config('4.16.6')];
  telling.say(opening);

  telling.title('1. A push: releases 4.16.5 and 4.16.6 are mirrored');
  telling.say(first.text);
  await telling.merge(requestOf('3f9a1c20d5e84b7196a0c2d4e6f8091b3d5f7a90', first));

  telling.title('2. A pull request raises minVersion to 4.16.6: the plan, for review');
  const logged = scene.target.log.writes().length;
  const planned = await plan(scene.settings, requestOf(secondCommit, second, first));
  const written = scene.target.log.writes().length - logged;
  if (!planned.plan) return 1;
  telling.say(renderPlanText(planned.plan));
  telling.say(
    `Planning sent ${written} write requests to the registry. The reviewer gets these files:`,
  );
  const folder = await telling.save('plan', planned.files);
  for (const file of planned.files.keys()) telling.say(`  ${join(folder, file)}`);

  telling.title('3. The merge: exactly that is applied');
  const { applied } = await telling.merge(requestOf(secondCommit, second, first));
  if (!applied) return 1;
  await telling.save('result', applied.files);
  const [gone, kept] = [await pullAll(scene, '4.16.5'), await pullAll(scene, '4.16.6')];
  telling.say(
    `\nTags of 4.16.5 left: ${gone}. Images of 4.16.6 that pull whole: ${kept} of ${componentCount}.`,
  );
  telling.say('The components that both releases share are still there: only their old tags went.');

  telling.title('4. The same push again');
  scene.target.log.clear();
  await telling.merge(requestOf(secondCommit, second, first));
  telling.say(
    `\nRequests to the registry: ${scene.target.log.entries.length}, writes among them: ${scene.target.log.writes().length}.`,
  );

  telling.title('5. Second thoughts: restore puts 4.16.5 back');
  const restored = await restore(scene.settings, { undo: 'last' }, () => {});
  const back = await pullAll(scene, '4.16.5');
  telling.say(
    `${capitalize(describeCheck(restored, 'restored'))}. Images of 4.16.5 that pull whole: ${back} of ${componentCount}.`,
  );
  telling.say(`\nOpen ${join(folder, 'report.html')} in a browser to see the report.`);
  const isAsTold = gone === 0 && kept === componentCount && back === componentCount;
  return applied.result.status === 'applied' && isAsTold ? 0 : 1;
}

/**
 * Runs the demo and prints it.
 *
 * Effects: listens on 127.0.0.1; leaves a directory with the files of plan and result. Gives the exit code: 0 only if the demo
 * ended as expected.
 */
export async function runDemo(world: DemoWorld): Promise<number> {
  const scene = await setScene(world.clock);
  try {
    return await tell(new Telling(scene, world), scene);
  } finally {
    await scene.close();
  }
}
