import type { ManagedRunCommand } from '../azure/compute/state.ts';
import type { World } from '../azure/index.ts';

/** Run commands that have something to do: where Azure removes none, they are left without. */
export const armedCommands = ({ compute }: World): readonly ManagedRunCommand[] =>
  [...compute.runCommands.values()].filter(({ tags }) => tags['phoenix-emptied'] === undefined);
