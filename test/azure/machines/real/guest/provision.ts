import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MachineSpec } from '../../machines.ts';
import { provisionedUserFile } from '../protocol.ts';
import { type Account, findAccount, findGroup } from './accounts.ts';

/** What the platform does at first boot: gives the machine its name and makes the administrator. */
export function provision(name: string, admin: MachineSpec['admin']): Account | undefined {
  writeFileSync('/etc/hostname', `${name}\n`);
  writeFileSync('/etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost ip6-loopback\n`);
  if (!admin) return undefined;
  const account = findAccount(admin.user) ?? makeAccount(admin.user);
  if (admin.publicKey !== undefined) authorize(account, admin.publicKey);
  mkdirSync(dirname(provisionedUserFile), { recursive: true });
  writeFileSync(provisionedUserFile, `${admin.user}\n`);
  return account;
}

function makeAccount(user: string): Account {
  execFileSync('useradd', ['--create-home', '--shell', '/bin/bash', '--groups', administrators(), user]);
  const account = findAccount(user);
  if (!account) throw new Error(`useradd has not made the user ${user}`);
  return account;
}

/** Debian's name of the group that may use sudo, or the one of the other family. */
const administrators = () => (findGroup('sudo') === undefined ? 'wheel' : 'sudo');

function authorize(account: Account, publicKey: string): void {
  const folder = `${account.home}/.ssh`;
  const file = `${folder}/authorized_keys`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${publicKey.trim()}\n`, { mode: 0o600 });
  for (const path of [folder, file]) chownSync(path, account.uid, account.gid);
}
