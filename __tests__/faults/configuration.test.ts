import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import type { ConfigFile } from '../../src/run/index.ts';
import { commandLine } from '../support/command-line.ts';
import { pushTo } from '../support/images.ts';
import { change, channelConfig, imagesConfig } from '../support/lab.ts';
import { imageAt, makeScene, type Scene } from './scene.ts';

const head = ['apiVersion: mirror.openshift.io/v2alpha1', 'kind: ImageSetConfiguration', 'mirror:'];

/** Writes an image set of lines below `mirror:`, which is the third line. */
function config(name: string, ...lines: readonly string[]): ConfigFile {
  return { name, text: [...head, ...lines, ''].join('\n') };
}

function channel(name: string, ...lines: readonly string[]): readonly string[] {
  return [
    '  platform:',
    '    channels:',
    `    - name: ${name}`,
    ...lines.map((one) => `      ${one}`),
  ];
}

/** Writes an image set that wants an image as `shared/app:v1`. */
function claim(file: string, image: string): ConfigFile {
  const target = ['    targetRepo: shared/app', '    targetTag: v1'];
  return config(file, '  additionalImages:', `  - name: ${image}`, ...target);
}

/** Gives the findings of one plan as `file:line code`, errors only. */
async function findings(scene: Scene, files: readonly ConfigFile[]) {
  const { plan, diagnostics, failures } = await scene.plan(change([], files));
  const errors = [...diagnostics, ...failures.map((one) => one.diagnostic)].filter(
    ({ severity }) => severity === 'error',
  );
  const lines = errors.map(({ at, code }) => `${at?.file}:${at?.line} ${code}`);
  return { plan, errors, lines: [...new Set(lines)].sort() };
}

/** Each fault of a configuration alone: the file, and where the finding has to be. */
const faults: readonly (readonly [string, ConfigFile, string])[] = [
  ['a file that is no YAML', config('yaml.yaml', '  platform: [', '  x: }'), ''],
  [
    'a field that does not exist',
    config('field.yaml', ...channel('stable-4.16', 'minVersoin: 4.16.5')),
    'field.yaml:7',
  ],
  [
    'another kind',
    { name: 'kind.yaml', text: head.join('\n').replace('kind: Image', 'kind: Imag') },
    'kind.yaml:2',
  ],
  [
    'a range that nothing can be in',
    config('range.yaml', ...channel('stable-4.16', 'minVersion: 4.16.6', 'maxVersion: 4.16.5')),
    'range.yaml:7',
  ],
  [
    'a channel that does not exist',
    config('channel.yaml', ...channel('stabel-4.16')),
    'channel.yaml:6',
  ],
  [
    'a range that no release is in',
    config('empty.yaml', ...channel('stable-4.16', 'minVersion: 4.16.7', 'maxVersion: 4.16.9')),
    'empty.yaml:7',
  ],
];

describe('a configuration', () => {
  it.each(faults)(
    'with %s has one finding, on its line, and gives no plan',
    async (_, file, place) => {
      const scene = await makeScene();
      const { plan, errors, lines } = await findings(scene, [file]);
      expect(plan).toBeUndefined();
      expect(lines, errors.map(formatDiagnostic).join('\n')).toHaveLength(1);
      expect(lines[0]).toMatch(new RegExp(`^${place === '' ? `${file.name}:\\d+` : place} `));
      expect(scene.to.log.writes()).toEqual([]);
    },
  );

  it('of many files with all of these faults has all of their findings in one run', async () => {
    const scene = await makeScene();
    const good = imagesConfig([imageAt(scene.source.host, 'good')], 'good.yaml');
    const alone = await Promise.all(
      faults.map(async ([, file]) => (await findings(scene, [file])).lines),
    );
    const claims = (['bad', 'good'] as const).map((name) =>
      claim(`${name}-claim.yaml`, imageAt(scene.source.host, name)),
    );
    const files = [...faults.map(([, file]) => file), good, ...claims];
    const { plan, lines } = await findings(scene, files);
    expect(plan).toBeUndefined();
    const conflict = lines.filter((line) => line.endsWith(' placement-conflict'));
    expect(conflict).toHaveLength(1);
    expect(lines).toEqual([...alone.flat(), ...conflict].sort());
  });

  it('with an update service that knows no release at all has one finding', async () => {
    const scene = await makeScene();
    const file = config('graph.yaml', ...channel('stable-4.17'));
    const { lines } = await findings(scene, [file]);
    expect(lines).toEqual([expect.stringMatching(/^graph\.yaml:6 /)]);
  });

  it('that claims a tag which another one claims for another image has one finding, on a line of the two', async () => {
    const scene = await makeScene();
    const { plan, errors, lines } = await findings(scene, [
      claim('a.yaml', imageAt(scene.source.host, 'bad')),
      claim('b.yaml', imageAt(scene.source.host, 'good')),
    ]);
    expect(plan).toBeUndefined();
    expect(lines).toEqual([expect.stringMatching(/^[ab]\.yaml:5 placement-conflict$/)]);
    const text = errors.map(formatDiagnostic).join('\n');
    for (const word of ['shared/app:v1', 'a.yaml', 'b.yaml']) expect(text).toContain(word);
  });

  it('that claims a tag which another one claims for the same image is no fault', async () => {
    const scene = await makeScene();
    const files = ['a.yaml', 'b.yaml'].map((name) =>
      imagesConfig([imageAt(scene.source.host, 'good')], name),
    );
    const { plan, lines } = await findings(scene, files);
    expect(lines).toEqual([]);
    expect(plan?.totals.mirror).toBe(1);
  });

  it('that claims a tag which another one claims for another tag of the same image is no fault', async () => {
    const scene = await makeScene();
    pushTo(scene.from.store, 'team/good', 'v2', scene.images.good);
    const image = imageAt(scene.source.host, 'good');
    const files = [claim('a.yaml', image), claim('b.yaml', image.replace(':v1', ':v2'))];
    const { plan, lines } = await findings(scene, files);
    expect(lines).toEqual([]);
    expect(plan?.totals.mirror).toBe(1);
  });

  it('that is faulty takes nothing with it of what was mirrored by the one before', async () => {
    const scene = await makeScene();
    const both = channelConfig('4.16.5', '4.16.6');
    await scene.mirror([both]);
    const before = scene.seen();
    for (const [, faulty] of faults) {
      const { applied } = await scene.apply(change([both], [{ ...faulty, name: both.name }]));
      expect(applied).toBeUndefined();
    }
    expect(scene.seen()).toEqual(before);
  });

  it('that is faulty is told by the command line with its place, and ends it with a code', async () => {
    const scene = await makeScene();
    const [, field] = faults;
    const ran = await commandLine(scene, ['plan', '-c', field?.[1] ?? '']);
    expect(ran.code).not.toBe(0);
    expect(ran.output).toMatch(/field\.yaml:7:\d+: error: /);
    expect(ran.output).toContain('minVersion');
  });
});
