import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { startMachine } from '../allocation/machines.ts';
import { stopRunCommands } from '../run-commands/life.ts';
import type { Machine } from '../state.ts';
import { show, showEnd } from './life.ts';

type Power = Machine['power'];

/** Boots a stopped machine from the disk it has. */
export function start(world: World, machine: Machine, done: Done): void {
  if (machine.power === 'running') {
    done();
    return;
  }
  const { power } = machine;
  show(world, machine, { provisioningState: 'Updating', power: 'starting' });
  startMachine(world, machine, power, (problem) =>
    ended(world, machine, problem && power === 'deallocated' ? power : 'running', done)(problem),
  );
}

export const powerOff = (world: World, machine: Machine, done: Done): void =>
  stop(world, machine, { meanwhile: 'stopping', finally: 'stopped' }, done);

export const deallocate = (world: World, machine: Machine, done: Done): void =>
  stop(world, machine, { meanwhile: 'deallocating', finally: 'deallocated' }, done);

export function restart(world: World, machine: Machine, done: Done): void {
  powerOff(world, machine, (problem) => (problem ? done(problem) : start(world, machine, done)));
}

function stop(
  world: World,
  machine: Machine,
  power: { readonly meanwhile: Power; readonly finally: Power },
  done: Done,
): void {
  const ran = machine.power === 'running' || machine.power === 'starting';
  stopRunCommands(world, machine, 'Failed');
  show(world, machine, { provisioningState: 'Updating', power: power.meanwhile });
  const end = ended(world, machine, power.finally, done);
  if (ran) world.machines.stop(keyOf(machine.id), end);
  else end();
}

const ended =
  (world: World, machine: Machine, power: Power, done: Done): Done =>
  (problem) => {
    showEnd(world, machine, problem, power);
    done(problem);
  };
