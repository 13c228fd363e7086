import { fromRanges, toRanges } from './ranges.ts';
import type { Paused } from './record.ts';

/** The fields by which the tags say what is paused; a record of an earlier version of the tasks has none. */
export const pausedFields = [
  'paused-repairs',
  'paused-autoscale',
  'former-mode',
  'former-os-upgrades',
  'lifted-protection',
] as const;

export const isPausedField = (name: string) => pausedFields.some((field) => field === name);

type Fields = Readonly<Record<(typeof pausedFields)[number], string>>;

/** Empty where nothing is paused; a person in the portal reads them, too. */
export const encodePaused = ({ repairs, autoscale, upgradeMode, osUpgrades, protection }: Paused): Fields => ({
  'paused-repairs': repairs ? 'running' : '',
  'paused-autoscale': autoscale ?? '',
  'former-mode': upgradeMode ?? '',
  'former-os-upgrades': osUpgrades ? 'on' : '',
  'lifted-protection': toRanges(protection ?? []),
});

/** Undefined when nothing is. A word that we never write is refused: what has to be put back must not be guessed. */
export function decodePaused(
  fields: ReadonlyMap<string, string>,
  unreadable: (why: string) => Error,
): Paused | undefined {
  const isOneOf = <Word extends string>(name: (typeof pausedFields)[number], ...words: readonly Word[]) => {
    const value = fields.get(name);
    const word = words.find((known) => known === value);
    if (value !== undefined && word === undefined) throw unreadable(`tag phoenix-${name} is "${value}"`);
    return word;
  };
  const autoscale = fields.get('paused-autoscale');
  const protection = fields.get('lifted-protection');
  if (protection !== undefined && !isRanges(protection))
    throw unreadable(`tag phoenix-lifted-protection is "${protection}"`);
  const upgradeMode = isOneOf('former-mode', 'Automatic', 'Rolling');
  const paused: Paused = {
    ...(isOneOf('paused-repairs', 'running') && { repairs: true }),
    ...(autoscale !== undefined && { autoscale }),
    ...(upgradeMode && { upgradeMode }),
    ...(isOneOf('former-os-upgrades', 'on') && { osUpgrades: true }),
    ...(protection !== undefined && { protection: fromRanges(protection) }),
  };
  return Object.keys(paused).length > 0 ? paused : undefined;
}

/** `0-2,5`, of ids as long as Azure's are. */
const isRanges = (text: string) => /^\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*$/.test(text);
