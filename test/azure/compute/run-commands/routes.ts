import type { Route } from '../../core/routes.ts';
import { runCommand } from './action.ts';
import { deleteRunCommand, getRunCommand, listRunCommands, patchRunCommand, putRunCommand } from './managed.ts';

/** Run commands of a machine, as an action and managed, below its path. */
export function runCommandRoutes(machine: string, machinePages: string, runPages: string): readonly Route[] {
  const command = `${machine}/runCommands/:command`;
  return [
    ['POST', `${machine}/runCommand`, runCommand, `${machinePages}/run-command`],
    ['GET', `${machine}/runCommands`, listRunCommands, `${runPages}/list`],
    ['GET', command, getRunCommand, `${runPages}/get`],
    ['PUT', command, putRunCommand, `${runPages}/create-or-update`],
    ['PATCH', command, patchRunCommand, `${runPages}/update`],
    ['DELETE', command, deleteRunCommand, `${runPages}/delete`],
  ];
}
