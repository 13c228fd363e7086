import type { FromGuest, ToGuest } from '../protocol.ts';
import { openControlSocket } from './control.ts';
import { provision } from './provision.ts';
import { type RunningCommand, runScript } from './scripts.ts';
import { Services } from './services.ts';
import { openSshServer } from './ssh-server.ts';

/**
 * What runs a machine: makes its user, starts its services, answers SSH, runs the platform's scripts, and takes it
 * down again. The process with number one is a shell that only reaps (programs/first-process) and ends with this one.
 */
const tellHost = (message: FromGuest) => process.send?.(message);
const log = (line: string) => tellHost({ kind: 'console', line });
const services = new Services(log);
const scripts = new Map<number, RunningCommand>();
let goingDown = false;

process.on('message', (message: ToGuest) => {
  switch (message.kind) {
    case 'boot':
      return void boot(message).catch((error: Error) => tellHost({ kind: 'problem', message: String(error.stack) }));
    case 'power-off':
      return void powerOff();
    case 'script':
      return startScript(message);
    case 'cancel':
      return scripts.get(message.number)?.cancel();
  }
});
process.on('SIGTERM', () => void powerOff());
// Without its host a machine has no reason to be; first-process ends with us and the kernel ends the rest.
process.on('disconnect', () => process.exit(1));

async function boot(message: ToGuest & { kind: 'boot' }): Promise<void> {
  const account = provision(message.name, message.admin);
  openControlSocket(services);
  if (message.admin && account) await openSshServer(message.admin, account, log);
  services.startWanted();
  tellHost({ kind: 'up' });
}

function startScript({ number, script }: ToGuest & { kind: 'script' }): void {
  const ended = (result: Parameters<Parameters<typeof runScript>[1]>[0]) => {
    scripts.delete(number);
    tellHost({ kind: 'script-ended', number, result });
  };
  scripts.set(number, runScript(script, ended));
}

async function powerOff(): Promise<void> {
  if (goingDown) return;
  goingDown = true;
  await services.stopAll();
  log('powering off');
  process.exit(0);
}
