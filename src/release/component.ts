import { asObject, decodeObject, type JsonObject, parseJson, textOrEmpty } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { yamlToJson } from '../yaml/index.ts';

/** One image of a release: its name in the payload and its reference. */
export interface ReleaseComponent {
  readonly name: string;
  readonly image: string;
}

/** The content of `image-references`. */
export interface ComponentList {
  /** `4.16.5`. */
  readonly version: string;
  readonly components: readonly ReleaseComponent[];
}

/** Names of the architectures in the boot image list that ship a KubeVirt image. */
export type BootArchitecture = 'x86_64' | 's390x';

const bootNames: ReadonlyMap<string, BootArchitecture> = new Map([
  ['amd64', 'x86_64'],
  ['s390x', 's390x'],
]);

function invalid(why: string, cause?: unknown): ContentError {
  return new ContentError('PAYLOAD_INVALID', `The release payload is not usable: ${why}.`, {
    cause,
  });
}

/** Goes down a decoded value; a missing step gives an empty object. */
function objectAt(value: unknown, ...path: readonly string[]): JsonObject {
  return path.reduce((outer, step) => asObject(outer[step]), asObject(value));
}

function readTag(tag: unknown, index: number): ReleaseComponent {
  const name = textOrEmpty(objectAt(tag)['name']);
  const image = textOrEmpty(objectAt(tag, 'from')['name']);
  if (name === '' || image === '') {
    throw invalid(`image-references names no image at spec.tags[${index}]`);
  }
  // A component's name becomes part of a tag of the target.
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name)) {
    throw invalid(`image-references has a component named ${JSON.stringify(name.slice(0, 120))}`);
  }
  return { name, image };
}

/**
 * Reads the component list of a payload: an ImageStream whose tags name one image each.
 * @throws ContentError `PAYLOAD_INVALID`
 */
export function parseComponents(text: string): ComponentList {
  const what = 'image-references';
  const refuse = (why: string, cause?: unknown) => invalid(`${what} ${why}`, cause);
  const json = decodeObject(text, { what, invalid: refuse });
  const tags = objectAt(json, 'spec')['tags'];
  if (!Array.isArray(tags)) throw refuse('has no spec.tags');
  const version = textOrEmpty(objectAt(json, 'metadata')['name']);
  return { version, components: tags.map(readTag) };
}

function bootImages(text: string): JsonObject {
  try {
    const what = 'The list of boot images';
    const stream = objectAt(parseJson(yamlToJson(text), what), 'data')['stream'];
    return typeof stream === 'string' ? objectAt(parseJson(stream, what), 'architectures') : {};
  } catch (cause) {
    throw invalid(`the list of boot images cannot be read: ${messageOf(cause)}`, cause);
  }
}

/**
 * Finds the KubeVirt images of a payload.
 *
 * Shape: `text` is the ConfigMap of boot images; the component is `kube-virt-container`, with the architecture appended
 * if several are wanted. An architecture without such an image is left out.
 * @throws ContentError `PAYLOAD_INVALID` if the list or all wanted images are missing.
 * @see oc-mirror v2, `kubeVirtContainer`
 */
export function kubeVirtComponents(
  text: string | undefined,
  wanted: readonly BootArchitecture[],
): readonly ReleaseComponent[] {
  if (text === undefined) throw invalid('it has no list of boot images (kubeVirtContainer: true)');
  const architectures = bootImages(text);
  const components = wanted.flatMap((architecture) => {
    const image = textOrEmpty(
      objectAt(architectures, architecture, 'images', 'kubevirt')['digest-ref'],
    );
    const suffix = wanted.length > 1 ? `-${architecture}` : '';
    return image === '' ? [] : [{ name: `kube-virt-container${suffix}`, image }];
  });
  if (components.length > 0) return components;
  throw new ContentError('PAYLOAD_INVALID', 'could not find kubevirt image in this release', {
    hint: 'Set kubeVirtContainer to false: this release ships no such image for these architectures.',
  });
}

/**
 * Gives the boot image architectures that a configuration wants.
 *
 * `multi` means both, as do platforms without a KubeVirt image; unknown architectures mean `x86_64`.
 */
export function wantedBootArchitectures(
  platforms: readonly string[],
  architectures: readonly string[],
): readonly BootArchitecture[] {
  const isMulti = platforms.length > 0 || architectures.includes('multi');
  const names = platforms.length > 0 ? platforms : isMulti ? [] : architectures;
  const wanted = names.flatMap((name) => bootNames.get(name) ?? []);
  if (wanted.length > 0) return wanted;
  return isMulti ? ['x86_64', 's390x'] : ['x86_64'];
}
