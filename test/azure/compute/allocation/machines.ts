import { keyOf } from '../../core/ids.ts';
import { later, type World } from '../../core/world.ts';
import type { Done, MachineProblem, MachineSpec } from '../../machines/machines.ts';
import { machineSpec } from '../scale-sets/machine-spec.ts';
import type { Instance, Machine } from '../state.ts';
import { allocate } from './failures.ts';

/** How long Azure looks for a place before it gives up. Own. */
const searchMs = 5_000;

/** Has it found a place? One that has not is there by name only. */
export const hasMachine = (world: World, { id }: Instance): boolean => !world.compute.placeless.has(keyOf(id));

/** Finds a place for an instance's first machine, and boots it there. */
export function createMachine(world: World, instance: Instance, spec: MachineSpec, done: Done): void {
  const problem = place(world, instance);
  if (!problem) {
    world.compute.placeless.delete(keyOf(instance.id));
    world.machines.create(spec, done);
    return;
  }
  world.compute.placeless.set(keyOf(instance.id), problem);
  later(world, searchMs, () => done(problem));
}

/** A fresh disk for an instance; one that never found a place tries again. */
export function reimageMachine(world: World, instance: Instance, spec: MachineSpec, done: Done): void {
  if (hasMachine(world, instance)) world.machines.reimage(spec, done);
  else createMachine(world, instance, spec, done);
}

/** Boots a machine that is off; an instance that was deallocated has to find a place anew. */
export function startMachine(world: World, machine: Machine, before: Machine['power'], done: Done): void {
  const instance = world.compute.instances.get(keyOf(machine.id));
  if (instance) startInstance(world, instance, before, done);
  else world.machines.start(keyOf(machine.id), done);
}

function startInstance(world: World, instance: Instance, before: Machine['power'], done: Done): void {
  if (!hasMachine(world, instance)) {
    createMachine(world, instance, machineSpec(world, instance, instance.image.disk), done);
    return;
  }
  const problem = before === 'deallocated' ? place(world, instance) : undefined;
  if (problem) later(world, searchMs, () => done(problem));
  else world.machines.start(keyOf(instance.id), done);
}

function place(world: World, { id, zone, setKey, model }: Instance): MachineProblem | undefined {
  const location = world.compute.scaleSets.get(setKey)?.location ?? '';
  return allocate(world, { id, location, zone, size: model.skuName });
}
