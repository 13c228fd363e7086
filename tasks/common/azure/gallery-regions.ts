import type { TargetRegion } from '@azure/arm-compute';
import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';

/** A region that somebody asked for; what is not said is Azure's default (one replica, Standard_LRS). */
export interface WantedRegion {
  /** `koreacentral`: the short name, as ids and model have it. */
  readonly name: string;
  readonly replicas?: number;
  readonly storage?: string;
}

/** Gallery REST, StorageAccountType. */
const storageTypes = ['Standard_LRS', 'Standard_ZRS', 'Premium_LRS', 'PremiumV2_LRS'] as const;

/** "Korea Central" and "koreacentral" are one region; Azure answers either (azure.md §13). */
export const regionKey = (name: string) => name.toLowerCase().replaceAll(' ', '');

/** Lines such as `koreacentral`, `koreacentral=3` or `Korea Central = 3, Standard_ZRS`. */
export function parseRegions(input: string, lines: readonly string[]): readonly WantedRegion[] {
  const regions = lines.map((line) => parseRegion(input, line));
  const twice = regions.find(({ name }, index) => regions.findIndex((other) => other.name === name) < index);
  if (twice) throw badRegion('ContradictoryInputs', input, lines.join('; '), `It names ${twice.name} twice.`);
  return regions;
}

function parseRegion(input: string, line: string): WantedRegion {
  const [, name = '', replicas, storage] =
    /^([A-Za-z][A-Za-z0-9 ]*?)\s*(?:=\s*(\d+)\s*(?:,\s*(\w+)\s*)?)?$/.exec(line) ?? [];
  if (name === '')
    throw badRegion('InvalidInput', input, line, 'Write a region, or region=replicas, or region=replicas,storage.');
  const count = replicas === undefined ? undefined : Number(replicas);
  if (count !== undefined && (count < 1 || count > 100))
    throw badRegion('InputOutOfRange', input, line, 'A region has 1 to 100 replicas.');
  const type = storage === undefined ? undefined : storageType(input, line, storage);
  return {
    name: regionKey(name),
    ...(count !== undefined && { replicas: count }),
    ...(type !== undefined && { storage: type }),
  };
}

function storageType(input: string, line: string, word: string): string {
  const type = storageTypes.find((known) => known.toLowerCase() === word.toLowerCase());
  if (type !== undefined) return type;
  throw badRegion('InvalidInput', input, line, `Storage is one of: ${storageTypes.join(', ')}.`);
}

type RegionCode = 'InvalidInput' | 'InputOutOfRange' | 'ContradictoryInputs';

const badRegion = (code: RegionCode, input: string, line: string, hint: string) =>
  new Failure(code, `Input "${input}" has "${harmlessLine(line, 200)}"`, hint);

/** Regions with the home region among them, as Azure wants it of every version. */
export function withHome(wanted: readonly WantedRegion[], home: string): readonly WantedRegion[] {
  const name = regionKey(home);
  return wanted.some((region) => region.name === name) ? wanted : [{ name }, ...wanted];
}

export const targetRegion = ({ name, replicas, storage }: WantedRegion): TargetRegion => ({
  name,
  ...(replicas !== undefined && { regionalReplicaCount: replicas }),
  ...(storage !== undefined && { storageAccountType: storage }),
});

export interface Merge {
  readonly regions: readonly TargetRegion[];
  /** What changes, region by region; empty when nothing does. */
  readonly changes: readonly string[];
  /** What was asked for and is not done, since it would take replicas away. */
  readonly kept: readonly string[];
}

/**
 * The regions that a version has, with what was asked for on top. Nothing is ever taken away: a write that leaves a
 * region out deletes its replicas (azure-cli#24099), so every region keeps its place, its encryption and its replicas.
 *
 * Has korea=3 and japan=1, wanted korea=2 and us → korea=3, japan=1, us; changes: us; kept: korea has 3 replicas.
 */
export function mergeRegions(present: readonly TargetRegion[], wanted: readonly WantedRegion[]): Merge {
  const isOf = (name: string) => (region: { readonly name: string }) => regionKey(region.name) === name;
  const added = wanted.filter(({ name }) => !present.some(isOf(name)));
  const merged = present.map((region) => raised(region, wanted.find(isOf(regionKey(region.name)))));
  return {
    regions: [...merged.map(({ region }) => region), ...added.map(targetRegion)],
    changes: [...merged.flatMap(({ change }) => change ?? []), ...added.map(({ name }) => `${name} is added`)],
    kept: merged.flatMap(({ kept }) => kept ?? []),
  };
}

function raised(
  region: TargetRegion,
  wanted: WantedRegion | undefined,
): { region: TargetRegion; change?: string; kept?: string } {
  if (!wanted) return { region };
  refuseOtherStorage(region, wanted);
  const present = region.regionalReplicaCount ?? 1;
  const replicas = wanted.replicas ?? present;
  if (replicas === present) return { region };
  if (replicas < present) return { region, kept: `${wanted.name} keeps its ${present} replicas` };
  return {
    region: { ...region, regionalReplicaCount: replicas },
    change: `${wanted.name} goes from ${present} to ${replicas} replicas`,
  };
}

function refuseOtherStorage(
  { storageAccountType: present = 'Standard_LRS' }: TargetRegion,
  { name, storage }: WantedRegion,
): void {
  if (storage === undefined || storage === present) return;
  throw new Failure(
    'StorageNotUpdatable',
    `Region ${name} of this version has its replicas on ${present}; ${storage} was asked for, and Azure can't change that`,
    `Ask for ${name} with ${present}, or publish under a new number.`,
  );
}
