import { readRecord } from '../../../tasks/common/record/codec.ts';
import type { RolloutRecord } from '../../../tasks/common/record/record.ts';
import { profileAt } from '../../azure/autoscale/profiles.ts';
import { imageReferenceOf } from '../../azure/compute/scale-sets/model.ts';
import type { Instance, ScaleSet, Tags } from '../../azure/compute/state.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { at, object } from '../../azure/core/json.ts';
import type { World } from '../../azure/index.ts';
import { armedCommands } from '../../support/armed-commands.ts';
import { instancesOf } from '../../support/fleet-guard.ts';

/** The set as it really is at one moment, whatever Azure shows of it: what invariants are asserted on. */
export interface Picture {
  readonly record: RolloutRecord | undefined;
  readonly modelImage: string;
  /** All else that an upgrade applies, as a text. */
  readonly modelRest: string;
  readonly capacity: number;
  readonly nodes: readonly PicturedNode[];
  readonly repairs: ScaleSet['repairs'];
  /** Nodes that the platform's own repairs are replacing: each stands beside its successor for a while. */
  readonly repairing: number;
  /** Azure is making or ending as many as were asked for. */
  readonly resizing: boolean;
  readonly upgradeMode: string;
  /** The capacity that a profile of ours holds in an autoscale setting, while it counts. */
  readonly pinned: number | undefined;
  /** Run commands that drain, as `<node> <command>`. */
  readonly commands: ReadonlySet<string>;
}

export interface PicturedNode {
  readonly id: string;
  readonly image: string;
  /** Another text for another disk, where disks have names of their own. */
  readonly disk: string;
  readonly serves: boolean;
  /** Azure is at work with it. */
  readonly busy: boolean;
  /** All that Azure does with it is to deliver or remove a run command. */
  readonly getsCommand: boolean;
  readonly deleting: boolean;
  readonly protection: Instance['protection'];
}

/** Looks at the set; the record is decoded anew only when the tags were written. */
export function photographer(world: World, set: ScaleSet): () => Picture {
  let tags: Tags | undefined;
  let record: RolloutRecord | undefined;
  return () => {
    if (set.tags !== tags) {
      tags = set.tags;
      record = readRecord(set.tags);
    }
    return {
      record,
      modelImage: String(imageReferenceOf(set.model.profile)['id'] ?? ''),
      modelRest: restOf(set),
      capacity: set.sku.capacity,
      repairs: set.repairs,
      repairing: set.repairWork.underWay.size,
      resizing: [...set.open].some(({ kind }) => kind === 'setWrite'),
      upgradeMode: String(at(set.properties, 'upgradePolicy', 'mode')),
      pinned: pinnedIn(world),
      nodes: instancesOf(world, set).map((instance) => nodeIn(world, set, instance)),
      commands: new Set(armedCommands(world).map(({ id }) => commandIn(id))),
    };
  };
}

function pinnedIn({ autoscale, clock }: World): number | undefined {
  const inForce = [...autoscale.settings.values()].map(({ properties }) => profileAt(properties, clock.now()));
  return inForce.find((profile) => profile?.name === 'phoenix-pause')?.maximum;
}

function restOf({ model: { skuName, profile } }: ScaleSet): string {
  const { imageReference: _image, ...storage } = object(profile['storageProfile']);
  return JSON.stringify([skuName, { ...profile, storageProfile: storage }]);
}

function nodeIn(world: World, set: ScaleSet, instance: Instance): PicturedNode {
  const { provisioningState, power, protection } = instance;
  // A run command that Azure delivers to it or takes away, or a write of its protection, takes nothing away from what it serves.
  const commanded = getsCommand(world, instance);
  const isWhole = provisioningState === 'Succeeded' || commanded || isWritten(set, instance);
  const up = isWhole && power === 'running';
  return {
    id: instance.instanceId,
    image: String(instance.image.reference['id']),
    disk: String(instance.disksBefore),
    serves: up && world.machines.health(keyOf(instance.id))?.state === 'healthy',
    deleting: provisioningState === 'Deleting',
    protection,
    busy: provisioningState !== 'Succeeded' && provisioningState !== 'Failed' && !isWritten(set, instance),
    getsCommand: commanded,
  };
}

const getsCommand = ({ compute }: World, { id, provisioningState }: Instance) =>
  provisioningState === 'Updating' &&
  [...compute.runCommands.values()].some(
    (command) => command.machineKey === keyOf(id) && /^(Creat|Updat|Delet)ing$/.test(command.provisioningState),
  );

const isWritten = ({ open }: ScaleSet, { instanceId }: Instance) =>
  [...open].some(({ kind, instanceIds }) => kind === 'instanceWrite' && instanceIds.includes(instanceId));

/** `3 phoenix-drain-00000001-mhzu1kw0`, from the id of the command or the path of a call. */
export function commandIn(path: string): string {
  const [, node = '', command = ''] = /virtualMachines\/([^/]+)\/runCommands\/([^/]+)/i.exec(path) ?? [];
  return `${node} ${command}`;
}
