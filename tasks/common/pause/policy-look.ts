import { type BehindModel, newerVersion, nodesBehind } from '../azure/behind-model.ts';
import type { Azure } from '../azure/connect.ts';
import { readScaleSet, type ScaleSetRef } from '../azure/scale-set.ts';
import type { Paused } from '../record/record.ts';

export type FormerPolicy = Pick<Paused, 'upgradeMode' | 'osUpgrades'>;

/** What of the former upgrade policy may be given back without Azure then rolling nodes by itself. */
export interface PolicyLook {
  readonly back: FormerPolicy;
  /** The image that the model named. */
  readonly image: string;
  /** Why not all of it, and what to do; undefined when nothing is in the way. */
  readonly stays: string | undefined;
}

export async function readPolicyLook(
  { azure, set }: { readonly azure: Azure; readonly set: ScaleSetRef },
  { upgradeMode, osUpgrades }: FormerPolicy,
): Promise<PolicyLook> {
  const model = await readScaleSet(azure, set);
  const { image } = model;
  const inTheWay = whyNot(await nodesBehind(azure, set, model));
  if (inTheWay !== undefined) return { back: {}, image, stays: inTheWay };
  const newer = osUpgrades ? await newerVersion(azure, image) : undefined;
  return {
    back: { ...(upgradeMode && { upgradeMode }), ...(osUpgrades && newer === undefined && { osUpgrades }) },
    image,
    stays: newer && wouldBring(newer),
  };
}

const wouldBring = (newer: string) =>
  `they would bring version ${newer} of the gallery (exclude it from latest, or switch them on when you want it)`;

/** An image decides for itself; a model that differs in number alone may be rolled or not, which is not proven. */
function whyNot({ byImage, byModel }: BehindModel): string | undefined {
  if (byImage.length > 0) return `${named(byImage)} run another image than the model names, and Azure would roll them`;
  if (byModel.length === 0) return undefined;
  return `${named(byModel)} run the model's image, but from an earlier model, and Azure might roll them all at once (az vmss update-instances brings them onto the model one by one; then run this task again)`;
}

const named = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
