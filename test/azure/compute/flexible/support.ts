import type { VirtualMachine as ShownMachine } from '@azure/arm-compute';
import { settle } from '../../core/world.ts';
import { addGalleryVersion, addScaleSet, type ScaleSetOptions } from '../builders.ts';
import { instancesOf } from '../lookup.ts';
import type { Instance } from '../state.ts';
import { all, openStage, type Stage } from '../support.ts';

/** Set `shop`, Flexible, with three machines on 1.0.0; 2.0.0 is there too. */
export function openFlexible(
  settings: Parameters<typeof openStage>[0] = {},
  options: Partial<ScaleSetOptions> = {},
  machines: Parameters<typeof openStage>[1] = {},
) {
  const stage = openStage({ rateLimits: false, ...settings }, machines);
  const one = addGalleryVersion(stage.world, { version: '1.0.0' });
  const two = addGalleryVersion(stage.world, { version: '2.0.0' });
  const set = addScaleSet(stage.world, {
    name: 'shop',
    image: one.id,
    capacity: 3,
    orchestration: 'Flexible',
    ...options,
  });
  const members = (): readonly Instance[] => {
    settle(stage.world);
    return instancesOf(stage.world, set);
  };
  return { ...stage, one, two, set, members, names: () => members().map(({ name }) => name) };
}

export type FlexibleStage = ReturnType<typeof openFlexible>;

/** The path of all machines in the group `web`, and of one. */
export const allMachines = 'resourceGroups/web/providers/Microsoft.Compute/virtualMachines';
export const machinePath = (name: string) => `${allMachines}/${name}`;

/** What a client finds by asking for the machines of this set. */
export const machinesOf = ({ sdk, play }: Stage, setId: string): Promise<readonly ShownMachine[]> =>
  play(
    all(
      sdk.virtualMachines.list('web', { filter: `'virtualMachineScaleSet/id' eq '${setId}'`, expand: 'instanceView' }),
    ),
  );

/** The n-th of a list that is long enough. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`There is no item ${index} among ${items.length}`);
  return item;
}
