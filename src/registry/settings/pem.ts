import { X509Certificate } from 'node:crypto';
import { ConfigError } from '../../errors.ts';

const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * Takes the certificates out of PEM text, one text each; what lies between them (comments, keys) is left out.
 * @throws ConfigError `INPUT_INVALID`, naming `source`, when there is none or one of them is broken.
 */
export function readCertificates(pem: string, source: string): readonly string[] {
  const certificates = pem.match(block) ?? [];
  if (certificates.length === 0) throw notPem(source, 'it holds no certificate');
  for (const [index, certificate] of certificates.entries()) {
    if (!isCertificate(certificate))
      throw notPem(source, `certificate ${index + 1} of it is broken`);
  }
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function notPem(source: string, why: string): ConfigError {
  return new ConfigError('INPUT_INVALID', `${source} cannot be used as certificates: ${why}.`, {
    hint: 'Certificates are PEM text: blocks from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----".',
  });
}
