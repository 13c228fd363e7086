import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A self-signed certificate of an application, as PEM, and its private key. */
export interface NewCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWishes {
  readonly from?: string;
  readonly until?: string;
  readonly kind?: 'rsa' | 'ec';
}

const algorithms = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
};

/** Makes one; valid from 2020 to 2099 when nothing else is wished. */
export async function newCertificate(wishes: CertificateWishes = {}): Promise<NewCertificate> {
  const algorithm = algorithms[wishes.kind ?? 'rsa'];
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=the shop',
    notBefore: new Date(wishes.from ?? '2020-01-01T00:00:00Z'),
    notAfter: new Date(wishes.until ?? '2099-12-31T00:00:00Z'),
    keys,
    signingAlgorithm: algorithm,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = key.match(/.{1,64}/g)?.join('\n');
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}
