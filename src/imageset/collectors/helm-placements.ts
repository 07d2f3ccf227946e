import type { Diagnostic } from '../../diagnostic.ts';
import type { ChartImage, ChartImages, UnseenPart } from '../../helm/index.ts';
import {
  dockerTransport,
  grammarFault,
  type ImageSpec,
  pullSource,
  readImageSpec,
} from '../image-spec.ts';
import type { Placement } from '../placement.ts';
import { imagePlace } from '../target-name.ts';
import { type ChartEntry, chartCause, chartName } from './helm-entry.ts';

/** Templates of one chart that are named; a chart may have thousands of lines that cannot be searched. */
const mostNamed = 20;

function warn(entry: ChartEntry, finding: Omit<Diagnostic, 'severity' | 'at'>): Diagnostic {
  return { severity: 'warning', at: chartCause(entry).at, ...finding };
}

function placementOf(spec: ImageSpec, entry: ChartEntry, prefix: string): Placement {
  const { platforms = [] } = entry.chart ?? {};
  return {
    source: pullSource(spec),
    target: imagePlace(prefix, spec),
    kind: 'helmImage',
    origin: spec.reference,
    causes: [chartCause(entry)],
    ...(platforms.length > 0 && { platforms }),
  };
}

/** Reads an image of a chart, or says why it cannot be mirrored. */
function judge(image: string): ImageSpec | string {
  const { spec } = readImageSpec(image);
  if (!spec) {
    const isBare = !/\s/.test(image) && readImageSpec(`${image}:latest`).spec !== undefined;
    return isBare
      ? `It has neither tag nor digest, and there is no implicit "latest". To mirror it, name it in additionalImages with its tag, or give the tag in a values file.`
      : 'It is no image reference.';
  }
  if (spec.transport !== dockerTransport) return 'It does not lie in a registry.';
  const source = pullSource(spec);
  const fault = grammarFault(source) ?? grammarFault({ repository: spec.path });
  return fault === undefined ? spec : `${fault}.`;
}

function skipped({ image, template }: ChartImage, why: string, entry: ChartEntry): Diagnostic {
  const where = template === '' ? '' : ` in ${template}`;
  return warn(entry, {
    code: 'chart-image-skipped',
    summary: 'An image of a chart is not mirrored.',
    detail: `The chart "${chartName(entry)}" names "${image}"${where}. ${why}`,
    text: image,
  });
}

/** Gives a finding for each template with a part that could not be searched. */
function unseenFindings(unseen: readonly UnseenPart[], entry: ChartEntry): Diagnostic[] {
  const templates = [...Map.groupBy(unseen, ({ template }) => template)];
  const found = templates.slice(0, mostNamed).map(([template, parts]) => {
    const [first] = parts;
    const line = first?.line === undefined ? '' : ` line ${first.line}`;
    const more = parts.length > 1 ? ` and ${parts.length - 1} more` : '';
    return warn(entry, {
      code: 'chart-part-unseen',
      summary: 'A part of a chart could not be searched for images.',
      detail: `The chart "${chartName(entry)}", template ${template}${line}: ${first?.what ?? ''}${more}. If it names an image that is missing in the plan, add it to additionalImages, or run where helm is on PATH.`,
      text: template,
    });
  });
  const rest = templates.length - found.length;
  if (rest <= 0) return found;
  const summary = 'More parts of a chart could not be searched for images.';
  const detail = `The chart "${chartName(entry)}" has ${rest} more such templates.`;
  return [
    ...found,
    warn(entry, { code: 'chart-part-unseen', summary, detail, text: chartName(entry) }),
  ];
}

/** The images of one entry as placements, and findings about the others. */
export interface ChartPlacements {
  readonly placements: readonly Placement[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Turns the images of a chart into placements, each once; an image that cannot be mirrored is a warning, never silent.
 * @see oc-mirror v2, destination naming of helm images
 */
export function placeChartImages(
  { images, unseen }: ChartImages,
  entry: ChartEntry,
  prefix: string,
): ChartPlacements {
  const groups = Map.groupBy(images, ({ image }) => image).values();
  const judged = [...groups].flatMap(([first]) => {
    if (!first) return [];
    const found = judge(first.image);
    return typeof found === 'string'
      ? { finding: skipped(first, found, entry) }
      : { placement: placementOf(found, entry, prefix) };
  });
  return {
    placements: judged.flatMap(({ placement }) => placement ?? []),
    diagnostics: [
      ...judged.flatMap(({ finding }) => finding ?? []),
      ...unseenFindings(unseen, entry),
    ],
  };
}
