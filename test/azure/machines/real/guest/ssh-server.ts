import { generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import type { MachineSpec } from '../../machines.ts';
import type { Account } from './accounts.ts';
import { serveSession } from './ssh-session.ts';

type Admin = NonNullable<MachineSpec['admin']>;

/** Answers SSH on port 22 for the administrator alone, with the password or the key that the platform was given. */
export function openSshServer(admin: Admin, account: Account, log: (line: string) => void): Promise<void> {
  const server = new ssh2.Server({ hostKeys: [newHostKey()], ident: 'Machine' }, (client: Connection) => {
    client.on('authentication', (context) => answer(context, admin));
    client.on('ready', () => client.on('session', (accept) => serveSession(accept(), client, account, log)));
    client.on('error', (error: Error) => log(`sshd: ${error.message}`));
  });
  return new Promise((resolve, reject) => {
    server.on('error', (error: Error) => reject(new Error(`sshd cannot listen on port 22: ${error.message}`)));
    server.listen(22, '0.0.0.0', resolve);
  });
}

/** ssh2 reads a P-256 key in Node's own encoding, and every client knows that algorithm. */
function newHostKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  }).privateKey;
}

function answer(context: AuthContext, admin: Admin): void {
  if (context.username === admin.user && mayEnter(context, admin)) context.accept();
  else context.reject(offered(admin));
}

function mayEnter(context: AuthContext, admin: Admin): boolean {
  if (context.method === 'password') return admin.password !== undefined && same(context.password, admin.password);
  if (context.method !== 'publickey' || admin.publicKey === undefined) return false;
  const known = ssh2.utils.parseKey(admin.publicKey);
  if (known instanceof Error || Array.isArray(known)) return false;
  if (!context.key.data.equals(known.getPublicSSH())) return false;
  // The first question has no signature: would this key do?
  if (!context.signature || !context.blob) {
    context.key.algo = askedAlgorithm(context.key.algo, context.hashAlgo);
    return true;
  }
  return known.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/**
 * The answer must name the algorithm of the question (RFC 4252, section 7). ssh2 would name the key's own, `ssh-rsa`,
 * for which Go's client, and so Packer, takes the key to be refused.
 */
function askedAlgorithm(algorithm: string, hash: string | undefined): string {
  return algorithm === 'ssh-rsa' && hash !== undefined ? hash.replace('sha', 'rsa-sha2-') : algorithm;
}

function offered(admin: Admin): ('password' | 'publickey')[] {
  return [
    ...(admin.password === undefined ? [] : ['password' as const]),
    ...(admin.publicKey === undefined ? [] : ['publickey' as const]),
  ];
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
