import {
  asObject,
  evaluatePath,
  isRecord,
  type JsonObject,
  type JsonPath,
  records,
} from '../base/index.ts';
import { messageOf } from '../errors.ts';
import { valueAt } from './values.ts';
import { parseYamlValue } from './yaml-object.ts';

/** An image that a chart names, and the template that does. */
export interface ChartImage {
  /** As written. */
  readonly image: string;
  /** Path of the template below the chart: `app/templates/deployment.yaml`; empty where it is not known. */
  readonly template: string;
}

/** A part of a chart that may name images and could not be searched. */
export interface UnseenPart {
  readonly template: string;
  /** From 1; absent: the whole template. */
  readonly line?: number;
  /** The text that could not be read, or the reason, for people. */
  readonly what: string;
}

/** The findings in a chart. */
export interface ChartImages {
  readonly images: readonly ChartImage[];
  readonly unseen: readonly UnseenPart[];
}

/** Where objects that make pods keep the description of them. */
const podSpecPlaces: readonly (readonly string[])[] = [
  ['spec', 'template', 'spec'],
  ['spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['template', 'spec'],
];

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

function imagesOfPod(spec: JsonObject): unknown[] {
  const containers = containerLists.flatMap((list) => records(spec[list]));
  return [
    ...containers.map(({ image }) => image),
    ...records(spec['volumes']).map(({ image }) => asObject(image)['reference']),
  ];
}

/** Gives the images of an object of any kind: custom resources describe pods at the same places as Kubernetes' own kinds. */
function imagesOfObject(document: JsonObject, paths: readonly JsonPath[]): string[] {
  const inLists = records(document['items']).flatMap((item) => imagesOfObject(item, paths));
  const found = [
    ...podSpecPlaces.flatMap((place) => imagesOfPod(asObject(valueAt(document, place)))),
    ...paths.flatMap((path) => evaluatePath(path, document)),
  ];
  const texts = found.filter((one) => typeof one === 'string');
  return [...texts.flatMap((text) => text.split(/\s+/)).filter((one) => one !== ''), ...inLists];
}

/** Cuts helm's output into documents, each with the template that it names. */
function documentsOf(
  rendered: string,
): readonly { readonly text: string; readonly template: string }[] {
  return rendered.split(/^---[ \t]*\r?$/m).flatMap((text) => {
    const [, template = ''] = /^# Source: (.*?)\r?$/m.exec(text) ?? [];
    return /^[ \t]*[^#\s]/m.test(text) ? [{ text, template }] : [];
  });
}

/**
 * Finds the images in helm's output: those of all pods, also of hooks and CronJobs, and those at `paths`.
 *
 * A document that cannot be read is named; the others count.
 */
export function findRenderedImages(rendered: string, paths: readonly JsonPath[]): ChartImages {
  const images: ChartImage[] = [];
  const unseen: UnseenPart[] = [];
  for (const { text, template } of documentsOf(rendered)) {
    try {
      const document = parseYamlValue(text, `A document of ${template || 'the chart'}`);
      const found = isRecord(document) ? imagesOfObject(document, paths) : [];
      images.push(...found.map((image) => ({ image, template })));
    } catch (thrown) {
      unseen.push({ template, what: messageOf(thrown) });
    }
  }
  return { images, unseen };
}
