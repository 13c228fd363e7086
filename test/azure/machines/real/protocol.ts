import type { MachineScript, MachineSpec, ScriptResult } from '../machines.ts';

/** What the host tells a machine's first program, over Node's own channel between parent and child. */
export type ToGuest =
  | { readonly kind: 'boot'; readonly name: string; readonly address: string; readonly admin?: MachineSpec['admin'] }
  | { readonly kind: 'power-off' }
  | { readonly kind: 'script'; readonly number: number; readonly script: MachineScript }
  | { readonly kind: 'cancel'; readonly number: number };

/** What a machine tells the host. The host reads it as data: a machine is not trusted. */
export type FromGuest =
  | { readonly kind: 'up' }
  | { readonly kind: 'problem'; readonly message: string }
  | { readonly kind: 'console'; readonly line: string }
  | { readonly kind: 'script-ended'; readonly number: number; readonly result: ScriptResult };

/** Inside a machine: our own programs, below every image's layers. */
export const guestFolder = '/usr/lib/machine';
/** Inside a machine: where systemctl finds the init. */
export const controlSocket = '/run/machine-init.sock';
/** Inside a machine: which user the platform made, so that `waagent -deprovision+user` knows whom to remove. */
export const provisionedUserFile = '/var/lib/waagent/provisioned-user';
