import { isRecord, texts } from '../base/index.ts';
import { ContentError } from '../errors.ts';
import { type Digest, digestOf, isDigest } from './digest.ts';

/** An operating system and architecture, as an index lists them. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/**
 * A typed pointer to bytes.
 * @see image-spec v1.1, descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly urls?: readonly string[];
}

/** Gives the descriptor of bytes that are in memory. */
export function describeBytes(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}

function readPlatform(value: unknown): Platform | undefined {
  if (!isRecord(value)) return undefined;
  const { os, architecture, variant } = value;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return typeof variant === 'string' ? { os, architecture, variant } : { os, architecture };
}

/** Reads a map of texts out of decoded JSON; other values are left out. */
export function stringRecord(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

/**
 * Reads one descriptor out of decoded JSON.
 * @throws ContentError `MANIFEST_INVALID` when media type, digest or size are missing or malformed.
 */
export function readDescriptor(value: unknown, where: string): Descriptor {
  if (
    !isRecord(value) ||
    typeof value['mediaType'] !== 'string' ||
    typeof value['digest'] !== 'string' ||
    !isDigest(value['digest']) ||
    !Number.isSafeInteger(value['size']) ||
    (value['size'] as number) < 0
  ) {
    throw new ContentError(
      'MANIFEST_INVALID',
      `The descriptor at ${where} lacks a valid media type, digest or size.`,
      { actual: JSON.stringify(value)?.slice(0, 200) },
    );
  }
  const platform = readPlatform(value['platform']);
  const annotations = stringRecord(value['annotations']);
  return {
    mediaType: value['mediaType'],
    digest: value['digest'],
    size: value['size'] as number,
    ...(platform && { platform }),
    ...(annotations && { annotations }),
    ...(Array.isArray(value['urls']) && { urls: texts(value['urls']) }),
    ...(typeof value['artifactType'] === 'string' && { artifactType: value['artifactType'] }),
  };
}
