import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate with the key that it certifies. */
export interface MadeCertificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly subject: string;
}

/** Says what differs from an authority, or from a leaf that may sign code, valid for a century. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer?: MadeCertificate;
  /** Years of the beginning and the end. */
  readonly years?: readonly [number, number];
  readonly authority?: { readonly maxPath?: number };
  /** OIDs of extended key usages; a leaf may sign code. */
  readonly usages?: readonly string[];
  readonly emails?: readonly string[];
  readonly hosts?: readonly string[];
  /** Bits of the usage of the key, after the number of unused ones. */
  readonly keyUsage?: readonly [number, number];
  /** The hash that is signed; absent: SHA-256. */
  readonly hash?: 'sha1';
  /** More extensions: OID, whether it is critical, value. */
  readonly more?: readonly (readonly [string, boolean, Buffer])[];
}

export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { byteLength: length } = body;
  const head =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const text = (tag: number, value: string) => der(tag, Buffer.from(value));

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

const name = (value: string) => der(0x30, der(0x31, der(0x30, oid('2.5.4.3'), text(0x0c, value))));
const time = (year: number) => text(0x18, `${year}0101000000Z`);
const extension = (id: string, isCritical: boolean, value: Buffer) =>
  der(0x30, oid(id), ...(isCritical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

export const codeSigning = '1.3.6.1.5.5.7.3.3';
const ecdsaWith = {
  sha1: der(0x30, oid('1.2.840.10045.4.1')),
  sha256: der(0x30, oid('1.2.840.10045.4.3.2')),
};

function extensionsOf({
  authority,
  usages,
  emails = [],
  hosts = [],
  keyUsage = authority ? [1, 0x06] : [7, 0x80],
  more = [],
}: CertificateFacts): Buffer {
  const path =
    authority?.maxPath === undefined ? [] : [der(0x02, Buffer.from([authority.maxPath]))];
  const constraints = der(0x30, ...(authority ? [der(0x01, Buffer.from([0xff])), ...path] : []));
  const named = usages ?? (authority ? [] : [codeSigning]);
  const names = [...emails.map((one) => text(0x81, one)), ...hosts.map((one) => text(0x82, one))];
  return der(
    0xa3,
    der(
      0x30,
      extension('2.5.29.19', true, constraints),
      extension('2.5.29.15', true, der(0x03, Buffer.from(keyUsage))),
      ...(named.length > 0 ? [extension('2.5.29.37', false, der(0x30, ...named.map(oid)))] : []),
      ...(names.length > 0 ? [extension('2.5.29.17', false, der(0x30, ...names))] : []),
      ...more.map(([id, isCritical, value]) => extension(id, isCritical, value)),
    ),
  );
}

/** Writes bytes in PEM. */
export function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

let serial = 1;

/** Makes a certificate; one without an issuer signs itself. */
export function makeCertificate(facts: CertificateFacts): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [from, until] = facts.years ?? [2020, 2120];
  const { hash = 'sha256' } = facts;
  serial += 1;
  const signed = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial])),
    ecdsaWith[hash],
    name(facts.issuer?.subject ?? facts.subject),
    der(0x30, time(from), time(until)),
    name(facts.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensionsOf(facts),
  );
  const value = sign(hash, signed, facts.issuer?.privateKey ?? privateKey);
  const whole = der(0x30, signed, ecdsaWith[hash], der(0x03, Buffer.from([0]), value));
  return {
    pem: pem('CERTIFICATE', whole),
    der: whole,
    publicKey,
    privateKey,
    subject: facts.subject,
  };
}
