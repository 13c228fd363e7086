/** What a machine size takes from the quotas. */
export interface Size {
  readonly cores: number;
  /** As `locations/{l}/usages` names it: `standardDSv5Family`. */
  readonly family: string;
}

/** D and DS of versions 1 and 2 were numbered, not counted (Microsoft Learn, Dv2 and DSv2 series). */
const numbered: Readonly<Record<string, number>> = {
  1: 1,
  2: 2,
  3: 4,
  4: 8,
  5: 16,
  11: 2,
  12: 4,
  13: 8,
  14: 16,
  15: 20,
};

/**
 * `Standard_D2s_v5`: family, vCPUs, features, version (Microsoft Learn, vm-naming-conventions). A size of another form
 * counts as one core of a family of its own.
 */
export function sizeOf(name: string): Size {
  const found = /^(Standard|Basic)_([A-Z]+)(\d+)(?:-\d+)?([a-z]*)(?:_v(\d+))?$/i.exec(name);
  if (!found) return { cores: 1, family: `${name}Family` };
  const [, tier = '', letters = '', digits = '', features = '', version] = found;
  const old = /^DS?$/i.test(letters) && Number(version ?? 1) <= 2;
  const series = version === undefined && /^B$/i.test(letters) ? 'BS' : `${letters}${features}`.toUpperCase();
  return {
    cores: old ? (numbered[digits] ?? Number(digits)) : Number(digits),
    family: `${tier.toLowerCase()}${series}${version === undefined ? '' : `v${version}`}Family`,
  };
}
