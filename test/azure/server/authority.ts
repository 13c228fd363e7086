import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import * as x509 from '@peculiar/x509';

/** A certificate authority of this process alone (docs/decisions/0006-throwaway-ca.md). */
export interface Authority {
  readonly caPem: string;
  /** The certificate of a host name with its key, made when it is first asked for. */
  contextFor(host: string): Promise<SecureContext>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Far around any clock that a world may have: the authority lives as long as its process, whatever it says here. */
const lifetime = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2099-12-31T00:00:00Z') };

export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys();
  const name = 'CN=Simulated Azure throwaway CA';
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime,
    serialNumber: '01',
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const contexts = new Map<string, Promise<SecureContext>>();
  return {
    caPem: `${ca.toString('pem')}\n`,
    contextFor(host) {
      const context = contexts.get(host) ?? issue(ca, keys.privateKey, host, contexts.size + 2);
      contexts.set(host, context);
      return context;
    },
  };
}

async function issue(
  ca: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  host: string,
  serial: number,
): Promise<SecureContext> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...lifetime,
    serialNumber: serial.toString(16).padStart(4, '0'),
    subject: `CN=${host}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return createSecureContext({
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  });
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
