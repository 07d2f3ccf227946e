import { Document, Scalar, visit } from 'yaml';
import { type Digest, splitName } from '../oci/index.ts';
import type { ReleaseChannel } from '../release/index.ts';
import { resolveScalar } from '../yaml/index.ts';
import {
  type AdditionalImage,
  type ImageSet,
  type ImageSetKind,
  type MirrorSpec,
  type OperatorCatalog,
  rootKey,
} from './config.ts';
import { type FieldType, type StructType, schemas } from './schema/index.ts';

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    value === false ||
    value === 0 ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}

function written(value: unknown, type: FieldType): unknown {
  if (type.kind === 'struct') return writtenStruct((value ?? {}) as Record<string, unknown>, type);
  if (type.kind === 'list' && Array.isArray(value)) {
    return value.map((item) => written(item, type.of));
  }
  return value;
}

function writtenStruct(value: Record<string, unknown>, struct: StructType) {
  const entries = struct.fields.flatMap((field): [string, unknown][] => {
    const inner = value[field.name];
    const nested = inner === undefined ? undefined : written(inner, field.type);
    if (field.writtenAsNull) return [[field.name, nested ?? null]];
    if (field.always) return [[field.name, nested ?? '']];
    return isEmpty(nested) ? [] : [[field.name, nested]];
  });
  return Object.fromEntries(entries);
}

/**
 * Writes an image set file as oc-mirror writes its pinned ones.
 *
 * Keys stand in alphabetical order, lists at the indentation of their key; `type` of a release channel is always
 * written, `packages` and `charts` that are absent as null. Zero values are left out.
 * @see oc-mirror v2, §1.6
 */
export function formatImageSet(kind: ImageSetKind, spec: MirrorSpec, archiveSize?: number): string {
  const root = schemas[kind];
  const document = {
    kind,
    apiVersion: 'mirror.openshift.io/v2alpha1',
    [rootKey(kind)]: spec,
    archiveSize,
  };
  const yaml = new Document(
    { [rootKey(kind)]: {}, ...writtenStruct(document, root) },
    { version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false },
  );
  visit(yaml, {
    Scalar(_, node) {
      // Go's reader would not read these values as text.
      if (typeof node.value === 'string' && resolveScalar(node.value)?.kind !== 'string') {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return yaml.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
}

/** The present digests and versions behind the names of an image set. */
export interface Pins {
  /** Digests of images and catalogs, by the reference as the image set has it. */
  readonly digests: ReadonlyMap<string, Digest>;
  /** First and last release that a channel gave; absent where it gave none. */
  releases(
    channel: ReleaseChannel,
  ): { readonly minVersion: string; readonly maxVersion: string } | undefined;
}

/**
 * Adds the digest behind the tag: oc-mirror then pulls by digest and still names the target by the tag. It cannot do
 * so for a name without a host.
 */
function pinImage(image: AdditionalImage, pins: Pins): AdditionalImage {
  const digest = pins.digests.get(image.name);
  const pinned = image.name.includes('@') || !image.name.replace('docker://', '').includes('/');
  return digest === undefined || pinned ? image : { ...image, name: `${image.name}@${digest}` };
}

/** Replaces the tag by the digest and keeps it as the target's tag, as oc-mirror pins catalogs. */
function pinCatalog(catalog: OperatorCatalog, pins: Pins): OperatorCatalog {
  const digest = pins.digests.get(catalog.catalog);
  if (digest === undefined || /@|^oci:/.test(catalog.catalog)) return catalog;
  const { name, tag = '' } = splitName(catalog.catalog);
  return {
    ...catalog,
    catalog: `${name.replace(/^docker:\/\//, '')}@${digest}`,
    targetTag: catalog.targetTag ?? tag,
  };
}

/**
 * Writes an image set in which everything that can move is fixed, so that oc-mirror mirrors the same from it later.
 *
 * Release channels get the bounds that they resolved to, images the digest behind their tag, catalogs their digest.
 * @see oc-mirror v2, §1.6
 */
export function pinImageSet(imageSet: ImageSet, pins: Pins): string {
  const { platform, additionalImages, operators, ...rest } = imageSet.mirror;
  const channels = platform?.channels?.map((channel) => ({
    ...channel,
    ...pins.releases(channel),
  }));
  const spec = {
    ...rest,
    ...(platform && { platform: { ...platform, ...(channels && { channels }) } }),
    ...(operators && { operators: operators.map((catalog) => pinCatalog(catalog, pins)) }),
    ...(additionalImages && {
      additionalImages: additionalImages.map((image) => pinImage(image, pins)),
    }),
  };
  return formatImageSet(imageSet.kind, spec, imageSet.archiveSize);
}
