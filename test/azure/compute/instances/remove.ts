import { keyOf } from '../../core/ids.ts';
import type { World } from '../../core/world.ts';
import type { Done } from '../../machines/machines.ts';
import { keepContent, releaseParts } from '../../resources/virtual-machines/parts.ts';
import { forgetRunCommands, stopRunCommands } from '../run-commands/life.ts';
import { announceTermination } from '../scheduled-events/events.ts';
import type { Instance } from '../state.ts';
import { show } from './life.ts';

/** Ends instances, after the notice that their models give them, and forgets them; `done` once for each. The set's capacity is the caller's business. */
export function removeInstances(world: World, doomed: readonly Instance[], done: Done): void {
  for (const instance of doomed) {
    show(world, instance, { provisioningState: 'Deleting' });
    announceTermination(world, instance, (gone) => {
      stopRunCommands(world, instance, 'Canceled');
      keepContent(world, instance.parts, () =>
        world.machines.remove(keyOf(instance.id), (problem) => {
          gone();
          if (!problem) forget(world, instance);
          done(problem);
        }),
      );
    });
  }
}

function forget(world: World, instance: Instance): void {
  world.compute.instances.delete(keyOf(instance.id));
  world.compute.placeless.delete(keyOf(instance.id));
  if (instance.parts) releaseParts(world, instance.parts);
  forgetRunCommands(world, instance);
}
