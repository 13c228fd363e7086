import type { VirtualMachineRunCommand } from '@azure/arm-compute';

export type CommandStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  /** It is being removed or emptied; what it said before that counts no more. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly state: string; readonly output: string };

/** What an emptied command says; a shell and PowerShell know the word before it alike. */
export const nothing = 'phoenix-emptied';

/** The tags of a command that has nothing to do any more, and counts as gone. */
export const emptied = { 'phoenix-emptied': 'true' };

const isEmptied = ({ tags }: VirtualMachineRunCommand) => tags?.['phoenix-emptied'] === 'true';

/** Neither being removed nor emptied. */
export const isThere = (command: VirtualMachineRunCommand): boolean =>
  command.provisioningState !== 'Deleting' && !isEmptied(command);

/** How far a command is that was read with its instance view; `provisioningState` alone tells only of the delivery. */
export function statusOf(command: VirtualMachineRunCommand): CommandStatus {
  const { provisioningState, instanceView: view } = command;
  if (provisioningState === 'Deleting') return { kind: 'leaving' };
  if (isEmptied(command)) return { kind: provisioningState === 'Updating' ? 'leaving' : 'none' };
  const state = view?.executionState ?? 'Unknown';
  if (['Unknown', 'Pending', 'Running'].includes(state)) return { kind: 'running' };
  const output = [view?.output, view?.error].filter((text) => text !== undefined && text !== '').join('\n');
  if (output.trim() === nothing) return { kind: 'running' }; // of the execution before: this one has not begun
  return { kind: 'ended', exitCode: view?.exitCode ?? -1, state, output };
}
