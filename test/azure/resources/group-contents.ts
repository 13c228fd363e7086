import { keyOf } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import type { ResourceGroup } from './state.ts';

/** Removes all that lies in a group: first its machines, each of which says when it has gone, then the rest. */
export function removeContents(world: World, group: ResourceGroup, done: () => void): void {
  const prefix = `${keyOf(group.id)}/`;
  const machines = [...world.resources.virtualMachines.keys(), ...world.compute.instances.keys()].filter((key) =>
    key.startsWith(prefix),
  );
  let left = machines.length;
  const forget = () => {
    for (const map of mapsOf(world)) for (const key of map.keys()) if (key.startsWith(prefix)) map.delete(key);
    done();
  };
  if (left === 0) forget();
  for (const machine of machines)
    world.machines.remove(machine, () => {
      left -= 1;
      if (left === 0) forget();
    });
}

/** Every map of these rooms but the groups themselves; their keys all begin with the group's id. */
const mapsOf = (world: World): readonly Map<string, unknown>[] =>
  [world.resources, world.compute, world.autoscale]
    .flatMap((room) => Object.values(room))
    .filter((map) => map instanceof Map);
