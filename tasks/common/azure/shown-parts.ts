import type { VirtualMachineScaleSet, VirtualMachineScaleSetVM } from '@azure/arm-compute';
import { textIn } from './read-failure.ts';

/** Parts that both a model and a node show, in the same words and in lower case; what is not said is not there. */
export type Shown = Readonly<Record<string, string>>;

/** Where the two differ, the node would be changed by an upgrade: that needs no word of Azure's about models. */
export function shownByModel({ sku, virtualMachineProfile: profile }: VirtualMachineScaleSet): Shown {
  return said({
    size: sku?.name,
    ...disks(profile?.storageProfile ?? {}),
    adminUsername: profile?.osProfile?.adminUsername,
    licenseType: profile?.licenseType,
    securityType: profile?.securityProfile?.securityType,
  });
}

export function shownByNode(vm: VirtualMachineScaleSetVM): Shown {
  return said({
    size: vm.sku?.name ?? vm.hardwareProfile?.vmSize,
    ...disks(vm.storageProfile ?? {}),
    adminUsername: vm.osProfile?.adminUsername,
    licenseType: vm.licenseType,
    securityType: vm.securityProfile?.securityType,
  });
}

interface Storage {
  readonly osDisk?: { readonly caching?: string; readonly managedDisk?: { readonly storageAccountType?: string } };
  readonly dataDisks?: readonly { readonly lun?: number }[];
}

const disks = ({ osDisk, dataDisks }: Storage) => ({
  osDiskCaching: osDisk?.caching,
  osDiskType: osDisk?.managedDisk?.storageAccountType,
  dataDisks: (dataDisks ?? []).map(({ lun }) => `lun ${lun}`).join(' ') || 'none',
});

function said(parts: Readonly<Record<string, unknown>>): Shown {
  const texts = Object.entries(parts).flatMap(([name, value]) => {
    const text = textIn(value);
    return text === undefined || text === '' ? [] : [[name, text.toLowerCase()] as const];
  });
  return Object.fromEntries(texts);
}
