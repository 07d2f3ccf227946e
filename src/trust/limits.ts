import type { Limit } from '../base/index.ts';

/** Limits for trust policies and the signatures that they ask for. */
export const trustLimits = {
  policy: {
    most: 1024 * 1024,
    unit: 'bytes',
    why: 'A trust policy has a few dozen rules.',
  },
  registriesFile: {
    most: 1024 * 1024,
    unit: 'bytes',
    why: 'A file of registries.d names a few registries.',
  },
  keyFile: {
    most: 4 * 1024 * 1024,
    unit: 'bytes',
    why: 'A file of keys or certificates has a few kilobytes.',
  },
  certificates: {
    most: 100,
    unit: 'certificates in one text',
    why: 'A chain has two or three certificates, a list of authorities a few more.',
  },
  certificatePath: {
    most: 1000,
    unit: 'signatures of certificates that are tried',
    why: 'A chain has two or three links, and few authorities share a name.',
  },
  signature: {
    most: 4 * 1024 * 1024,
    unit: 'bytes',
    why: 'A signature has a few kilobytes. Containers have the same limit.',
  },
  openPgpMessage: {
    most: 1024 * 1024,
    unit: 'bytes',
    why: 'A signature of a release or an image has less than 2 kB.',
  },
  openPgpText: {
    most: 1024 * 1024,
    unit: 'bytes after decompression',
    why: 'Such a signature signs a JSON text of less than 1 kB.',
  },
  openPgpPackets: {
    most: 64,
    unit: 'packets',
    why: 'A signed message has three packets for each key that signed it.',
  },
  openPgpKeys: {
    most: 4 * 1024 * 1024,
    unit: 'bytes of armored keys',
    why: 'A key has about 2 kB.',
  },
  signatures: {
    most: 128,
    unit: 'signatures of one image',
    why: 'An image is signed once for each key. Containers have the same limit.',
  },
} as const satisfies Record<string, Limit>;
