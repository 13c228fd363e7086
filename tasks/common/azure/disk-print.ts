import { createHash } from 'node:crypto';
import type { VirtualMachineScaleSetVM } from '@azure/arm-compute';
import type { Node } from '../rollout/node.ts';
import { textIn } from './read-failure.ts';

/**
 * Which OS disk an instance has, in few enough characters that the record can hold those of a thousand nodes. Reimage
 * "replaces the OS disk with a new one" (reimage-virtual-machine page); that this one shows another id in the instance's
 * storage profile is not proven for Uniform sets, and an ephemeral disk may well keep its own. Where it does, only the
 * operation's outcome tells a renewed node (`uniform-fleet.ts`), and that to no run but the one that asked for it.
 *
 * 24 bits: of 1,000 renewed nodes one in 17,000 rollouts shows the print of its old disk, and then counts as one whose
 * disk keeps its id.
 */
export function diskPrintOf({ storageProfile }: Pick<VirtualMachineScaleSetVM, 'storageProfile'>): Pick<Node, 'disk'> {
  const { managedDisk, name, vhd } = storageProfile?.osDisk ?? {};
  const disk = textIn(managedDisk?.id) ?? textIn(name) ?? textIn(vhd?.uri);
  // Azure does not keep the case of ids.
  return disk === undefined ? {} : { disk: printOf(disk.toLowerCase()) };
}

const printOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, printLength);

/** Characters of a print; the record's prints are laid end to end (record/renewal.ts). */
export const printLength = 4;
