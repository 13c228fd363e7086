import type { VirtualMachineScaleSet } from '@azure/arm-compute';

/** A Load Balancer probe, or the Application Health extension (health extension page): only one of them may be set. */
export function hasHealthSource(set: VirtualMachineScaleSet): boolean {
  const profile = set.virtualMachineProfile;
  if (profile?.networkProfile?.healthProbe?.id !== undefined) return true;
  return (profile?.extensionProfile?.extensions ?? []).some(
    ({ publisher, typePropertiesType, type }) =>
      publisher === 'Microsoft.ManagedServices' && (typePropertiesType ?? type ?? '').startsWith('ApplicationHealth'),
  );
}

/** Tags by which the services mark the sets that they own; their nodes are theirs to upgrade. */
const ownerTags: readonly (readonly [tag: string, service: string])[] = [
  ['aks-managed-poolName', 'AKS'],
  ['BatchAccountName', 'Batch'],
  ['__AzureDevOpsElasticPool', 'an Azure DevOps agent pool'],
];

export function managedBy(set: VirtualMachineScaleSet): string {
  const names = Object.keys(set.tags ?? {}).map((name) => name.toLowerCase());
  const byTag = ownerTags.find(([tag]) => names.includes(tag.toLowerCase()));
  if (byTag) return byTag[1];
  const extensions = set.virtualMachineProfile?.extensionProfile?.extensions ?? [];
  return extensions.some(({ publisher }) => publisher === 'Microsoft.Azure.ServiceFabric') ? 'Service Fabric' : '';
}
