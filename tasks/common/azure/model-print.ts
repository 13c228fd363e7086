import { createHash } from 'node:crypto';
import type { VirtualMachineScaleSet } from '@azure/arm-compute';
import type { ModelPrint } from '../record/record.ts';
import { textIn } from './read-failure.ts';

/**
 * What of a model is read depends on the library that reads it: prints of another version are not compared. It is the
 * version of @azure/arm-compute (a test sees to that).
 */
export const printedBy = '24.1.0';

/**
 * A print of each part of the model that an upgrade applies beside the image: size and machine profile. How nodes are
 * upgraded, repaired and counted is no part of it, and neither is what we write ourselves.
 */
export function printOf({ sku, virtualMachineProfile }: Pick<VirtualMachineScaleSet, 'sku' | 'virtualMachineProfile'>) {
  const parts = { size: textIn(sku?.name)?.toLowerCase(), ...withoutTheImage(virtualMachineProfile ?? {}) };
  const printed = Object.entries(parts).flatMap(([name, part]) => {
    const text = canonical(part);
    return text === undefined ? [] : [[name, shortHash(text)] as const];
  });
  return { by: printedBy, parts: Object.fromEntries(printed) } satisfies ModelPrint;
}

/**
 * Whether a write of the image alone changes other things in what Azure shows is not proven. What it takes from the image
 * or sets at each write is left out: system and size of the disk, and the time of the profile.
 */
function withoutTheImage(
  profile: NonNullable<VirtualMachineScaleSet['virtualMachineProfile']>,
): Readonly<Record<string, unknown>> {
  const { storageProfile, timeCreated: _set, ...others } = profile;
  const { imageReference: _ours, osDisk, ...storage } = storageProfile ?? {};
  const { osType: _itsSystem, diskSizeGB: _itsSize, ...disk } = osDisk ?? {};
  return { ...others, storageProfile: { ...storage, osDisk: disk } };
}

/** The same text for the same content, whatever the order of members; undefined for nothing at all. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (member === null) return undefined;
    if (typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
