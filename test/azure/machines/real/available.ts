import { existsSync } from 'node:fs';
import { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from './commands.ts';
import { hostPath } from './ground.ts';

const programs =
  'sh unshare nsenter setpriv mount chroot hostname mknod ip useradd userdel script stty getent scp'.split(' ');

/** Why this host cannot have real machines, in one sentence with its cure; undefined when it can. */
export async function whyNoRealMachines(): Promise<string | undefined> {
  if (platform !== 'linux') return `real machines need Linux, this is ${platform} on ${arch}`;
  if (process.geteuid?.() !== 0) return `real machines need root: ${await cureForUser()}`;
  const missing = programs.filter(
    (program) => !hostPath.split(':').some((folder) => existsSync(`${folder}/${program}`)),
  );
  if (missing.length > 0)
    return `real machines need the programs ${missing.join(', ')} (Debian: util-linux, iproute2, hostname, passwd, bsdutils, openssh-client)`;
  return tryNamespaces();
}

async function cureForUser(): Promise<string> {
  const maySudo = await run('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  );
  return maySudo ? 'run the command again with `sudo -n env "PATH=$PATH"` in front of it' : 'run the command as root';
}

/** In a container without the rights for it the programs are there and the kernel says no. */
async function tryNamespaces(): Promise<string | undefined> {
  const script = fileURLToPath(new URL('check.sh', import.meta.url));
  const attempt = ['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--propagation', 'private', 'sh', script];
  return run('unshare', attempt).then(
    () => undefined,
    (error: Error) => `real machines need namespaces, overlay mounts and virtual links: ${error.message}`,
  );
}

/** The prefix that runs a command as root, without asking anyone: empty for root, undefined when there is no way. */
export async function asRoot(): Promise<readonly string[] | undefined> {
  if (process.geteuid?.() === 0) return [];
  const maySudo = await run('sudo', ['-n', 'true']).then(
    () => true,
    () => false,
  );
  return maySudo ? ['sudo', '-n', 'env', `PATH=${process.env['PATH'] ?? hostPath}`] : undefined;
}
