import { asObject, decodeObject, type JsonObject, parseJson, textOrEmpty } from '../base/index.ts';
import { ContentError, messageOf } from '../errors.ts';
import { parseYaml } from '../yaml/index.ts';

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

/** Names of the architectures in a list of boot images. */
const bootArchitectures = ['x86_64', 's390x', 'aarch64', 'ppc64le'] as const;

/** An architecture in a list of boot images. */
export type BootArchitecture = (typeof bootArchitectures)[number];

const bootNames: ReadonlyMap<string, BootArchitecture> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
  ['s390x', 's390x'],
  ['ppc64le', 'ppc64le'],
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
    const stream = objectAt(parseYaml(text, what), 'data')['stream'];
    return typeof stream === 'string' ? objectAt(parseJson(stream, what), 'architectures') : {};
  } catch (cause) {
    throw invalid(`the list of boot images cannot be read: ${messageOf(cause)}`, cause);
  }
}

/** The KubeVirt images of a payload. */
export interface KubeVirtImages {
  readonly components: readonly ReleaseComponent[];
  /** Wanted architectures of which the release has no image. */
  readonly missing: readonly BootArchitecture[];
}

/** Gives the end of a component's name: oc-mirror, which knows two architectures, adds them only when both are wanted. */
function suffixOf(architecture: BootArchitecture, wanted: readonly BootArchitecture[]): string {
  const isOld = (one: BootArchitecture) => one === 'x86_64' || one === 's390x';
  const rivals = isOld(architecture) ? wanted.filter(isOld) : wanted;
  return rivals.length > 1 ? `-${architecture}` : '';
}

/**
 * Finds the KubeVirt images of a payload.
 *
 * Shape: `text` is the ConfigMap of boot images; the component is `kube-virt-container`, with the architecture appended
 * if several are wanted.
 * @throws ContentError `PAYLOAD_INVALID` if there is no list, or no image of any architecture in it.
 * @see oc-mirror v2, `kubeVirtContainer`
 */
export function kubeVirtComponents(
  text: string | undefined,
  asked: readonly BootArchitecture[] | 'all',
): KubeVirtImages {
  if (text === undefined) throw invalid('it has no list of boot images (kubeVirtContainer: true)');
  const architectures = bootImages(text);
  const imageOf = (architecture: BootArchitecture): string =>
    textOrEmpty(objectAt(architectures, architecture, 'images', 'kubevirt')['digest-ref']);
  const wanted = asked === 'all' ? bootArchitectures : asked;
  const missing = wanted.filter((architecture) => imageOf(architecture) === '');
  const components = wanted
    .filter((architecture) => !missing.includes(architecture))
    .map((architecture) => ({
      name: `kube-virt-container${suffixOf(architecture, wanted)}`,
      image: imageOf(architecture),
    }));
  if (bootArchitectures.some((one) => imageOf(one) !== '')) {
    return { components, missing: asked === 'all' ? [] : missing };
  }
  throw new ContentError('PAYLOAD_INVALID', 'could not find kubevirt image in this release', {
    hint: 'Set kubeVirtContainer to false: this release ships no such image.',
  });
}

/**
 * Gives the boot image architectures that a configuration wants: those of its platforms, else those of its architectures, else
 * `x86_64`. `multi` means all of which there is an image.
 */
export function wantedBootArchitectures(
  platforms: readonly string[],
  architectures: readonly string[],
): readonly BootArchitecture[] | 'all' {
  const names = platforms.length > 0 ? platforms : architectures;
  if (platforms.length === 0 && names.includes('multi')) return 'all';
  const wanted = names.flatMap((name) => bootNames.get(name) ?? []);
  return wanted.length > 0 ? wanted : ['x86_64'];
}
