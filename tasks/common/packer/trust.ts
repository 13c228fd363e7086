import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { Environment } from './environment.ts';

/** Where Go looks on Linux, in its order (crypto/x509 root_linux.go). Elsewhere it asks the system, not a file. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Only on Linux does Packer take its authorities from a file. */
export const trustsByFile = (platform: string) => platform === 'linux';

/**
 * All authorities that Packer should trust: SSL_CERT_FILE replaces the machine's file, so that one is copied in first.
 */
export async function trustBundle(caPem: string, inherited: Environment): Promise<string> {
  const files = [inherited['SSL_CERT_FILE'], ...systemFiles].filter((file) => file !== undefined && file !== '');
  const machine = (await firstReadable(files)) ?? rootCertificates.join('\n');
  return `${machine.trimEnd()}\n${caPem.trimEnd()}\n`;
}

async function firstReadable(files: readonly (string | undefined)[]): Promise<string | undefined> {
  for (const file of files) {
    const text = file === undefined ? undefined : await readIfThere(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
