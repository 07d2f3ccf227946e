import { MirrorError, messageOf } from '../../errors.ts';
import { type CollectionFailure, collectionFailure, withHint } from '../collector.ts';
import {
  type Chart,
  type ImageSet,
  invalidPlatform,
  platformFault,
  type YamlPath,
} from '../config.ts';
import { causeAt } from '../entries.ts';
import type { Cause } from '../placement.ts';

/** An entry of an image set: one chart, or a repository whose charts are all wanted. */
export interface ChartEntry {
  readonly imageSet: ImageSet;
  /** Below the root key: `helm.local[0]`. */
  readonly path: YamlPath;
  /** Absent: every chart of the repository. */
  readonly chart?: Chart;
  /** URL of the repository; absent: the chart is local. */
  readonly url?: string;
}

/** Lists the charts of an image set in the order of oc-mirror: local ones first. */
export function chartEntries(imageSet: ImageSet): readonly ChartEntry[] {
  const { local = [], repositories = [] } = imageSet.mirror.helm ?? {};
  return [
    ...local.map((chart, index) => ({ imageSet, path: ['helm', 'local', index], chart })),
    ...repositories.flatMap(({ url, charts }, index): ChartEntry[] => {
      const path = ['helm', 'repositories', index];
      if (charts === undefined) return [{ imageSet, path, url }];
      return charts.map((chart, at) => ({ imageSet, path: [...path, 'charts', at], chart, url }));
    }),
  ];
}

/** Tells whether an image set names local charts or repositories, also one without charts to take. */
export function asksForCharts({ mirror: { helm } }: ImageSet): boolean {
  return (helm?.local?.length ?? 0) + (helm?.repositories?.length ?? 0) > 0;
}

/** Gives the cause of all images of an entry. */
export function chartCause({ imageSet, path }: ChartEntry): Cause {
  return causeAt(imageSet, ...path);
}

/** Names an entry for people: its chart, its path, or its repository. */
export function chartName({ chart, url = '' }: ChartEntry): string {
  return chart?.name || chart?.path || url;
}

/** Makes the failure of an entry; `field` is the key below the entry that is at fault. */
export function chartFailure(
  entry: ChartEntry,
  thrown: unknown,
  { message, field }: { readonly message: string; readonly field?: YamlPath },
): CollectionFailure {
  const code = thrown instanceof MirrorError ? thrown.code : 'unreadable';
  const finding = {
    code: `chart-${code
      .toLowerCase()
      .replace(/^chart_/, '')
      .replaceAll('_', '-')}`,
    summary: 'A chart cannot be collected.',
    detail: withHint(message, thrown),
    text: chartName(entry),
    at: causeAt(entry.imageSet, ...entry.path, ...(field ?? [])).at,
  };
  return collectionFailure({ kind: 'helm', message, cause: thrown }, finding);
}

/** Gives the failure of a chart that has an incomplete platform. */
export function chartPlatformFailure(entry: ChartEntry): CollectionFailure | undefined {
  const fault = platformFault(entry.chart?.platforms);
  if (fault === undefined) return undefined;
  const message = `invalid platform for chart "${chartName(entry)}": ${fault}`;
  const failure = chartFailure(entry, undefined, { message, field: ['platforms'] });
  return { ...failure, diagnostic: { ...failure.diagnostic, ...invalidPlatform } };
}

/** Frames an error in the words of the step that failed: `failed to load charts/app: …`. */
export function framed(step: string, thrown: unknown): string {
  return `${step}: ${messageOf(thrown)}`;
}
