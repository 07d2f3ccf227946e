import { X509Certificate } from 'node:crypto';
import { type DerValue, derTags, derValues, oidText } from './der.ts';
import { unusable } from './pem.ts';

interface Extension {
  readonly isCritical: boolean;
  readonly value: Buffer;
}

/** A certificate, and the fields by which its chain is judged. */
export interface Certificate {
  readonly x509: X509Certificate;
  /** Encoded names. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: Buffer;
  readonly signatureOid: string;
  /** From version 3 on, basic constraints tell whether it is an authority. */
  readonly isVersion3: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Basic constraints; absent: the certificate has none. */
  readonly constraints?: { readonly isAuthority: boolean; readonly maxPath?: number };
  /** Whether it may sign certificates; also true where it has no usages of its key. */
  readonly maySign: boolean;
  /** OIDs of extended key usages; empty: any. */
  readonly usages: readonly string[];
  readonly names: SubjectNames;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** The alternative names of a subject, as far as containers read them. */
export interface SubjectNames {
  readonly emails: readonly string[];
  readonly hosts: readonly string[];
  readonly others: number;
}

const oids = {
  keyUsage: '2.5.29.15',
  subjectNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  extendedKeyUsage: '2.5.29.37',
} as const;

/** Extensions that are understood here, or that change nothing about a chain. */
const understood: ReadonlySet<string> = new Set([
  oids.keyUsage,
  oids.subjectNames,
  oids.basicConstraints,
  oids.extendedKeyUsage,
  '2.5.29.31', // where revocation lists lie
  '2.5.29.32', // policies
]);

function readExtension({ body }: DerValue): readonly [string, Extension] {
  const parts = derValues(body);
  const isCritical = parts.some(
    ({ tag, body: flag }) => tag === derTags.boolean && flag[0] === 0xff,
  );
  const value = parts.at(-1)?.body ?? Buffer.alloc(0);
  return [oidText(parts[0]?.body ?? Buffer.alloc(0)), { isCritical, value }];
}

function readExtensions(fields: readonly DerValue[]): ReadonlyMap<string, Extension> {
  const holder = fields.find(({ tag }) => tag === 0xa3);
  const [list] = holder ? derValues(holder.body) : [];
  const pairs = list ? derValues(list.body).map(readExtension) : [];
  const extensions = new Map(pairs);
  if (extensions.size < pairs.length) throw new RangeError('an extension stands twice');
  return extensions;
}

function inside(extension: Extension | undefined): readonly DerValue[] {
  const [outer] = extension ? derValues(extension.value) : [];
  return outer ? derValues(outer.body) : [];
}

function readConstraints(extension: Extension | undefined): Pick<Certificate, 'constraints'> {
  if (!extension) return {};
  const parts = inside(extension);
  const isAuthority = parts.some(({ tag, body }) => tag === derTags.boolean && body[0] !== 0);
  const path = parts.find(({ tag }) => tag === derTags.integer)?.body;
  const maxPath =
    path && path.byteLength <= 6 ? { maxPath: path.readUIntBE(0, path.byteLength) } : {};
  return { constraints: { isAuthority, ...maxPath } };
}

/** Bit 5 of the usage of a key, counted from the left, is the signing of certificates. */
function readMaySign(extension: Extension | undefined): boolean {
  const [bits] = extension ? derValues(extension.value) : [];
  const usage = bits?.body.subarray(1) ?? Buffer.alloc(0);
  const isUnset = usage.every((byte) => byte === 0);
  return isUnset || ((usage[0] ?? 0) & 0x04) !== 0;
}

function readNames(extension: Extension | undefined): SubjectNames {
  const names = inside(extension);
  const texts = (wanted: number) =>
    names.filter(({ tag }) => tag === wanted).map(({ body }) => body.toString('latin1'));
  const others = names.filter(({ tag }) => tag === 0x86 || tag === 0x87).length;
  return { emails: texts(0x81), hosts: texts(0x82), others };
}

function readParts(x509: X509Certificate): Certificate {
  const [whole] = derValues(x509.raw);
  const [signed, algorithm] = derValues(whole?.body ?? Buffer.alloc(0));
  const all = derValues(signed?.body ?? Buffer.alloc(0));
  // The version is left out of the oldest certificates.
  const version = all[0]?.tag === 0xa0 ? derValues(all[0].body)[0]?.body[0] : undefined;
  const fields = version === undefined ? all : all.slice(1);
  const [, , issuer, , subject, publicKey] = fields;
  if (!issuer || !subject || !publicKey || !algorithm) throw new RangeError('a field is missing');
  const extensions = readExtensions(fields);
  return {
    x509,
    issuer: issuer.raw,
    subject: subject.raw,
    publicKey: publicKey.raw,
    signatureOid: oidText(derValues(algorithm.body)[0]?.body ?? Buffer.alloc(0)),
    isVersion3: version === 2,
    notBefore: new Date(x509.validFrom),
    notAfter: new Date(x509.validTo),
    ...readConstraints(extensions.get(oids.basicConstraints)),
    maySign: readMaySign(extensions.get(oids.keyUsage)),
    usages: inside(extensions.get(oids.extendedKeyUsage)).map(({ body }) => oidText(body)),
    names: readNames(extensions.get(oids.subjectNames)),
    extensions,
  };
}

/**
 * Reads a certificate from its DER encoding.
 * @throws ContentError `SIGNATURE_INVALID`
 */
export function parseCertificate(bytes: Buffer): Certificate {
  try {
    return readParts(new X509Certificate(bytes));
  } catch {
    throw unusable('a certificate cannot be read');
  }
}

/** Tells whether alternative names of unknown kinds may be critical: sigstore certifies such names. */
export type UnknownNames = 'refused' | 'accepted';

/** Gives the identifier of an extension that is not understood and has to be; then the certificate does not count. */
export function strangeExtension(
  { extensions, names }: Certificate,
  unknownNames: UnknownNames,
): string | undefined {
  // Constraints of names bind even where they are not critical.
  if (extensions.has(oids.nameConstraints)) return oids.nameConstraints;
  const critical = [...extensions].filter(([, { isCritical }]) => isCritical);
  const hasNames = names.emails.length + names.hosts.length + names.others > 0;
  return critical
    .map(([oid]) => oid)
    .find((oid) =>
      oid === oids.subjectNames ? !hasNames && unknownNames === 'refused' : !understood.has(oid),
    );
}
