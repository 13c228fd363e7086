import { notAllowed } from '../../core/arm-errors.ts';
import { number } from '../../core/json.ts';
import type { ScaleSet } from '../state.ts';

type Shape = Pick<ScaleSet, 'properties' | 'zones'>;

/** Flexible sets are groups of virtual machines; without a word a set is Uniform (spec, OrchestrationMode). */
export const isFlexible = ({ properties }: Pick<ScaleSet, 'properties'>): boolean =>
  properties['orchestrationMode'] === 'Flexible';

/** What is so when nothing was said: five in a Uniform set without zones, else one (page manage-fault-domains). */
export const faultDomainCount = (set: Shape): number =>
  number(set.properties['platformFaultDomainCount']) ?? (isFlexible(set) || set.zones.length > 0 ? 1 : 5);

/** One fault domain means: spread over as many as there are, and show only one (page manage-fault-domains). */
export const spreadsMost = (set: Shape): boolean => faultDomainCount(set) === 1;

/** The comparison page sends clients to the views of the virtual machines; code and sentence: own. */
export const instanceViewIsOfMachines = ({ name }: Pick<ScaleSet, 'name'>) =>
  notAllowed(
    `Get instance view is not supported for VM Scale Set '${name}' with Flexible orchestration. Use the instance view of its virtual machines.`,
  );
