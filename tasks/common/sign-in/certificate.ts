import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../failure.ts';

/** The certificate of a service principal, and the key that proves it. */
export interface KeyPair {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/**
 * Reads `servicePrincipalCertificate`: PEM text with a certificate and its private key, in any order; the first
 * certificate is the principal's own. What Entra ID would refuse, or Node would only say in OpenSSL's words, is refused
 * here. Nothing of the text is ever shown.
 */
export function readKeyPair(connectionName: string, pem: string, now: number): KeyPair {
  const refuse = refusal(connectionName);
  const certificate = readCertificate(pem, refuse);
  const key = readKey(pem, refuse);
  if (key.asymmetricKeyType !== 'rsa') throw refuse(`has a key of the kind ${key.asymmetricKeyType}`, cures.kind);
  if (!certificate.checkPrivateKey(key))
    throw refuse('has a private key that belongs to another certificate', cures.pair);
  refuseOutOfTime(certificate, now, refuse);
  return { certificate, key };
}

type Refuse = ReturnType<typeof refusal>;

const refusal = (connectionName: string) => (problem: string, hint: string) =>
  new Failure(
    'CertificateUnusable',
    `Service connection ${connectionName} signs in with a certificate, but its field servicePrincipalCertificate ${problem}`,
    hint,
  );

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;
const keyBlock = /-----BEGIN ((?:[A-Z]+ )*)PRIVATE KEY-----[^-]*(?:-[^-]+)*?-----END \1PRIVATE KEY-----/;

function readCertificate(pem: string, refuse: Refuse): X509Certificate {
  const block = certificateBlock.exec(pem)?.[0];
  if (block === undefined) throw refuse('holds no certificate (BEGIN CERTIFICATE)', cures.both);
  try {
    return new X509Certificate(block);
  } catch {
    throw refuse('holds a certificate that cannot be read', cures.both);
  }
}

function readKey(pem: string, refuse: Refuse): KeyObject {
  const block = keyBlock.exec(pem)?.[0];
  if (block === undefined) throw refuse('holds no private key (BEGIN PRIVATE KEY)', cures.both);
  if (/^-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(block))
    throw refuse('holds an encrypted private key', cures.encrypted);
  try {
    return createPrivateKey(block);
  } catch {
    throw refuse('holds a private key that cannot be read', cures.both);
  }
}

function refuseOutOfTime({ validFrom, validTo }: X509Certificate, now: number, refuse: Refuse): void {
  if (now >= Date.parse(validTo)) throw refuse(`holds a certificate that expired on ${validTo}`, cures.expired);
  if (now < Date.parse(validFrom))
    throw refuse(`holds a certificate that is valid only from ${validFrom}`, cures.early);
}

const save = 'and save it in Project settings > Service connections.';
const cures = {
  both: `Paste the whole PEM, from -----BEGIN to -----END, with the certificate and its private key, ${save}`,
  encrypted: `A task cannot ask for a passphrase: decrypt the key (openssl pkey -in key.pem), put it in its place, ${save}`,
  kind: `Entra ID takes RSA keys: make a certificate with an RSA key, register it on the application, ${save}`,
  pair: `Put the private key of this very certificate next to it, ${save}`,
  expired: `Make a new certificate, register it on the application, put it into the connection, ${save} Or convert the connection to workload identity federation.`,
  early: "Check the clock of the agent's machine, or wait until then.",
} as const;
