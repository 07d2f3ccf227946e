import { createHash } from 'node:crypto';
import {
  content,
  type FakeImage,
  makeImage,
  packLayer,
  type UpstreamAnswer,
} from '../../src/fake-upstream/index.ts';

/** A made-up chart. */
export interface FakeChart {
  readonly name: string;
  readonly version: string;
  /** The archive, as a repository has it. */
  readonly archive: Uint8Array;
  readonly isLibrary: boolean;
}

/** Makes a chart; `files` are paths below its top directory, a `Chart.yaml` among them replaces the usual one. */
export async function makeChart(
  name: string,
  version: string,
  files: Readonly<Record<string, string>> = {},
): Promise<FakeChart> {
  const description = `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "${version}"\n`;
  const all = Object.entries({ 'Chart.yaml': description, ...files });
  const named = all.map(([path, text]) => [`${name}/${path}`, text] as const);
  const archive = await packLayer(Object.fromEntries(named));
  const isLibrary = /^type: library$/m.test(files['Chart.yaml'] ?? '');
  return { name, version, archive, isLibrary };
}

/** Writes the index of a repository of charts; archives are beside it. */
export function indexOfCharts(charts: readonly FakeChart[]): string {
  const groups = [...Map.groupBy(charts, ({ name }) => name)].map(([name, versions]) => {
    const entries = versions.map(({ version, archive, isLibrary }) =>
      [
        `  - apiVersion: v2`,
        `    name: ${name}`,
        `    version: ${version}`,
        ...(isLibrary ? ['    type: library'] : []),
        `    digest: ${createHash('sha256').update(archive).digest('hex')}`,
        `    urls:`,
        `    - ${name}-${version}.tgz`,
      ].join('\n'),
    );
    return `  ${name}:\n${entries.join('\n')}`;
  });
  return `apiVersion: v1\nentries:\n${groups.join('\n')}\ngenerated: "2026-01-01T00:00:00Z"\n`;
}

/** Answers as a web server that has a repository of charts at every path. */
export function answerCharts(charts: readonly FakeChart[]): (url: URL) => UpstreamAnswer {
  const text = (status: number, body: string) => ({
    status,
    contentType: 'text/plain',
    body: new TextEncoder().encode(body),
  });
  return ({ pathname }) => {
    if (pathname.endsWith('/index.yaml')) return text(200, indexOfCharts(charts));
    const file = pathname.slice(pathname.lastIndexOf('/') + 1);
    const chart = charts.find(({ name, version }) => file === `${name}-${version}.tgz`);
    if (!chart) return text(404, 'not found');
    return { status: 200, contentType: 'application/gzip', body: chart.archive };
  };
}

/** Makes the image in which a registry keeps a chart. @see helm.sh, "Use OCI-based registries" */
export function chartImage({ archive }: FakeChart): FakeImage {
  const type = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
  return makeImage([content(type, () => archive)], { os: 'linux', architecture: 'amd64' });
}
