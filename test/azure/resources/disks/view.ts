import type { World } from '../../core/world.ts';
import type { Disk } from '../state.ts';

export type DiskType = 'disks' | 'snapshots';

/** A disk or a snapshot as its GET shows it. */
export function view(world: World, type: DiskType, disk: Disk) {
  const { id, name, location, tags, sku, managedBy, zones } = { zones: undefined, ...disk };
  return {
    id,
    name,
    type: `Microsoft.Compute/${type}`,
    location,
    tags,
    sku: { name: sku, tier: sku.split('_')[0] },
    ...(managedBy !== undefined && { managedBy }),
    ...(zones !== undefined && { zones }),
    properties: {
      ...(disk.osType !== undefined && { osType: disk.osType }),
      hyperVGeneration: disk.hyperVGeneration,
      creationData: disk.creationData,
      diskSizeGB: disk.sizeGB,
      timeCreated: new Date(disk.createdAt).toISOString(),
      provisioningState: 'Succeeded',
      diskState: managedBy === undefined ? 'Unattached' : 'Attached',
      uniqueId: disk.uniqueId,
      ...(type === 'snapshots' && incremental(world, disk)),
    },
  };
}

function incremental(world: World, { incrementalFamily, createdAt, completeAt }: Disk) {
  if (incrementalFamily === undefined) return { incremental: false };
  const { now } = world.clock;
  const completionPercent =
    now() >= completeAt ? 100 : Math.floor(((now() - createdAt) * 100) / (completeAt - createdAt));
  return { incremental: true, incrementalSnapshotFamilyId: incrementalFamily, completionPercent };
}
