import { counted, imageName } from '../report/words.ts';
import type { Groups } from './groups.ts';
import { looksHealthy, type Node } from './node.ts';
import type { Situation } from './state.ts';

/** What is waited for: whoever reads it can see which node holds up the rest, and why. */
export function waitingFor(
  groups: Groups,
  situation: Situation,
  { awaitProtected }: { readonly awaitProtected?: boolean } = {},
): string {
  const settling = {
    booting: groups.settling.filter((node) => !looksHealthy(node)),
    proving: groups.settling.filter(looksHealthy),
  };
  const waiting = { ...groups, ...settling, spared: awaitProtected ? groups.spared : [] };
  const said = words(situation);
  const parts = waitedFor
    .filter((state) => waiting[state].length > 0)
    .map((state) => `${names(waiting[state])} ${said[state](waiting[state].length === 1 ? 'its' : 'their')}`);
  return `waiting for ${parts.length > 0 ? parts.join(', ') : 'a free slot'}`;
}

const waitedFor = [
  'draining',
  'drained',
  'replacing',
  'booting',
  'proving',
  'relapsed',
  'leaving',
  'busy',
  'spared',
] as const;

type Words = (its: string) => string;

const words = ({ target, limits }: Situation): Readonly<Record<(typeof waitedFor)[number], Words>> => ({
  draining: (its) => `to finish ${its} requests`,
  drained: () => 'to be replaced',
  replacing: (its) => `to get ${its} new disk`,
  booting: () => `to become healthy on ${imageName(target)}`,
  proving: () => `to stay healthy for ${limits.minReadyMs / 1000} s`,
  relapsed: (its) =>
    `to recover on ${imageName(target)}, where ${its === 'its' ? 'it was' : 'they were'} healthy before: nothing new is started meanwhile`,
  leaving: () => 'to be deleted',
  busy: () => 'to come out of an operation of Azure that this run did not start',
  spared: (its) => `to lose ${its} protection from scale set actions`,
});

export const noRoom = (groups: Groups, { limits }: Situation, missing: number): string =>
  `no room for the last ${counted(missing, 'old node')}: ${counted(groups.broken.length, 'broken node')} of maxUnavailable ${limits.maxUnavailable}`;

export const outOfTime = (groups: Groups, missing: number): string =>
  `the time of jobDeadline is over: ${counted(groups.ready.length, 'node')} ready, ${missing} to go`;

export function doneBecause(groups: Groups, { target }: Situation): string {
  const spared = groups.spared.length > 0 ? `, ${names(groups.spared)} protected and left alone` : '';
  const failed = groups.broken.length > 0 ? `, ${names(groups.broken)} failed within the limit` : '';
  return `${counted(groups.ready.length, 'node')} ready on ${imageName(target)}${spared}${failed}`;
}

const names = (nodes: readonly Node[]) =>
  nodes.length > 5 ? `${nodes.length} nodes` : nodes.map((node) => node.name).join(', ');
