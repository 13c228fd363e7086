import { addGalleryVersion, addScaleSet, type ScaleSetOptions } from '../azure/compute/builders.ts';
import { keyOf } from '../azure/core/ids.ts';
import type { Settings } from '../azure/core/settings.ts';
import { settle } from '../azure/index.ts';
import { defaults, type VirtualOptions } from '../azure/machines/virtual/options.ts';
import { drainingMachines, instancesOf, servingNodes } from './fleet-guard.ts';
import { openRehearsal } from './rehearsal.ts';

/** Scale set `shop` with four nodes on 1.0.0, and the versions that it may meet. */
export function openShop(
  options: {
    readonly settings?: Partial<Settings>;
    readonly machines?: VirtualOptions;
    /** How long the drain script of a node takes. */
    readonly drainMs?: number;
    readonly set?: Partial<ScaleSetOptions>;
  } = {},
) {
  const drained = new Set<string>();
  const disks = countDisks(options.machines);
  const rehearsal = openRehearsal(options.settings, drainingMachines(options.drainMs, disks.machines, drained));
  const { world } = rehearsal;
  const v1 = addGalleryVersion(world, { version: '1.0.0' });
  const v2 = addGalleryVersion(world, { version: '2.0.0' });
  const v3 = addGalleryVersion(world, { version: '3.0.0', content: '3.0.0 never-healthy' });
  const elsewhere = addGalleryVersion(world, { version: '4.0.0', regions: ['westeurope'] });
  const set = addScaleSet(world, { name: 'shop', image: v1.id, capacity: 4, zones: ['1', '2', '3'], ...options.set });
  return {
    ...rehearsal,
    set,
    /** Machines that are out of service by their drain script, by the key of the instance. */
    drained: drained as ReadonlySet<string>,
    v1: v1.id,
    v2: v2.id,
    v3: v3.id,
    elsewhere: elsewhere.id,
    /** `1.0.0 1.0.0 2.0.0 1.0.0`: what each node runs, in order. */
    versions: () =>
      instancesOf(world, set)
        .map(({ image }) => String(image.reference['id']).split('/').at(-1))
        .join(' '),
    modelVersion: () => /versions\/([\d.]+)/.exec(JSON.stringify(set.properties))?.[1],
    /** As another tool does it, without asking anybody. */
    swapImage: (reference: Readonly<Record<string, string>>) => {
      set.properties = withImage(set.properties, reference);
    },
    switchPolicy: (mode: 'Automatic' | 'Rolling' | 'Manual') => {
      set.properties = { ...set.properties, upgradePolicy: { ...(set.properties['upgradePolicy'] as object), mode } };
    },
    serving: () => servingNodes(world, set).length,
    /** How many fresh disks each node has got since the beginning, in order: `1 1 0 0`. */
    freshDisks: () =>
      instancesOf(world, set)
        .map(({ id }) => disks.fresh.get(keyOf(id)) ?? 0)
        .join(' '),
    freshDisksById: (): ReadonlyMap<string, number> => new Map(disks.fresh),
    /** Everything that a refused task must leave as it was. */
    fingerprint: () => {
      settle(world);
      return JSON.stringify([
        set.tags,
        set.properties,
        set.sku,
        set.etag,
        instancesOf(world, set),
        [...world.compute.runCommands.keys()],
      ]);
    },
  };
}

const withImage = <Properties>(properties: Properties, reference: object): Properties =>
  JSON.parse(
    JSON.stringify(properties, (key, value: unknown) => (key === 'imageReference' ? reference : value)),
  ) as Properties;

/** Whatever its name is, a disk is fresh when its machine was made anew. */
function countDisks(machines: VirtualOptions = {}) {
  const fresh = new Map<string, number>();
  const { reimageMs = defaults.reimageMs } = machines;
  const counting: VirtualOptions = {
    ...machines,
    reimageMs(machine, random) {
      fresh.set(machine.id, (fresh.get(machine.id) ?? 0) + 1);
      return typeof reimageMs === 'number' ? reimageMs : reimageMs(machine, random);
    },
  };
  return { machines: counting, fresh: fresh as ReadonlyMap<string, number> };
}

export type Shop = ReturnType<typeof openShop>;

export const drain = { drain: 'phoenix-drain start', undrain: 'phoenix-drain cancel', timeoutMs: 60_000 };
