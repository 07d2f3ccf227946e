import { atMost, mebibyte } from '../base/index.ts';

/** Limits for trust policies and the signatures that they ask for. */
export const trustLimits = {
  policy: atMost(mebibyte, 'bytes', 'A trust policy has a few dozen rules.'),
  registriesFile: atMost(mebibyte, 'bytes', 'A file of registries.d names a few registries.'),
  keyFile: atMost(4 * mebibyte, 'bytes', 'A file of keys or certificates has a few kilobytes.'),
  certificates: atMost(
    100,
    'certificates in one text',
    'A chain has two or three certificates, a list of authorities a few more.',
  ),
  certificatePath: atMost(
    1000,
    'signatures of certificates that are tried',
    'A chain has two or three links, and few authorities share a name.',
  ),
  signature: atMost(
    4 * mebibyte,
    'bytes',
    'A signature has a few kilobytes. Containers have the same limit.',
  ),
  openPgpMessage: atMost(
    mebibyte,
    'bytes',
    'A signature of a release or an image has less than 2 kB.',
  ),
  openPgpText: atMost(
    mebibyte,
    'bytes after decompression',
    'Such a signature signs a JSON text of less than 1 kB.',
  ),
  openPgpPackets: atMost(
    64,
    'packets',
    'A signed message has three packets for each key that signed it.',
  ),
  openPgpKeys: atMost(4 * mebibyte, 'bytes of armored keys', 'A key has about 2 kB.'),
  signatures: atMost(
    128,
    'signatures of one image',
    'An image is signed once for each key. Containers have the same limit.',
  ),
};
