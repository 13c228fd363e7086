import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { startMachine } from '../allocation/machines.ts';
import { stopRunCommands } from '../run-commands/life.ts';
import type { Instance } from '../state.ts';
import { show, showEnd } from './life.ts';

type Power = Instance['power'];

/** Boots a stopped instance from the disk it has. */
export function start(world: World, instance: Instance, done: Done): void {
  if (instance.power === 'running') {
    done();
    return;
  }
  const { power } = instance;
  show(world, instance, { provisioningState: 'Updating', power: 'starting' });
  startMachine(world, instance, power, (problem) =>
    ended(world, instance, problem && power === 'deallocated' ? power : 'running', done)(problem),
  );
}

export const powerOff = (world: World, instance: Instance, done: Done): void =>
  stop(world, instance, { meanwhile: 'stopping', finally: 'stopped' }, done);

export const deallocate = (world: World, instance: Instance, done: Done): void =>
  stop(world, instance, { meanwhile: 'deallocating', finally: 'deallocated' }, done);

export function restart(world: World, instance: Instance, done: Done): void {
  powerOff(world, instance, (problem) => (problem ? done(problem) : start(world, instance, done)));
}

function stop(
  world: World,
  instance: Instance,
  power: { readonly meanwhile: Power; readonly finally: Power },
  done: Done,
): void {
  const ran = instance.power === 'running' || instance.power === 'starting';
  stopRunCommands(world, instance, 'Failed');
  show(world, instance, { provisioningState: 'Updating', power: power.meanwhile });
  const end = ended(world, instance, power.finally, done);
  if (ran) world.machines.stop(keyOf(instance.id), end);
  else end();
}

const ended =
  (world: World, instance: Instance, power: Power, done: Done): Done =>
  (problem) => {
    showEnd(world, instance, problem, power);
    done(problem);
  };
