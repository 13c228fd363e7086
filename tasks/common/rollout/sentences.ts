import { counted, imageName } from '../report/words.ts';
import { lostNodes } from './beginnings.ts';
import type { Groups } from './groups.ts';
import { entryOf } from './logbook.ts';
import type { Choices } from './next-steps.ts';
import { looksHealthy, type Node } from './node.ts';
import { awaited } from './remaining.ts';
import { mostDrains, type Situation, whySpared } from './state.ts';

/** What is waited for: whoever reads it can see which node holds up the rest, and why. */
export function waitingFor(
  groups: Groups,
  situation: Situation,
  choices?: Pick<Choices, 'sickBefore' | 'awaitProtected'>,
): string {
  const settling = {
    booting: groups.settling.filter((node) => !looksHealthy(node)),
    proving: groups.settling.filter(looksHealthy),
  };
  const waiting = { ...groups, ...settling, spared: awaited(groups, situation, choices ?? {}) };
  const said = words(situation);
  const parts = waitedFor
    .filter((state) => waiting[state].length > 0)
    .map((state) => `${names(waiting[state])} ${said[state](waiting[state].length === 1 ? 'its' : 'their')}`);
  return `waiting for ${parts.length > 0 ? parts.join(', ') : aSlot(groups, situation, choices)}`;
}

/** Who is out of service beside the nodes of this stage, and leaves it no room. */
function aSlot(groups: Groups, { limits }: Situation, choices: Pick<Choices, 'sickBefore'> | undefined): string {
  const lost = choices ? lostNodes(groups, choices) : [];
  if (lost.length === 0) return 'a free slot';
  return `${names(lost)} to serve: out of service since we came, which maxUnavailable ${limits.maxUnavailable} leaves no room beside`;
}

const waitedFor = [
  'draining',
  'drained',
  'returning',
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
  returning: () => 'to serve again',
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

export const promiseBroken = (nodes: readonly Node[], { logbook }: Situation): string =>
  `${names(nodes)} could not be drained, ${mostDrains} times, and no other node can take the place: ${nodes
    .map(({ id, name }) => `${name}: ${entryOf(logbook, id).undrained?.note ?? ''}`)
    .join('; ')}`;

export function doneBecause(groups: Groups, { target, logbook }: Situation): string {
  const spared = (['protected', 'leftOut', 'undrainable'] as const)
    .map((why) => ({ why, nodes: groups.spared.filter((node) => whySpared(node, logbook) === why) }))
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ why, nodes }) => `, ${names(nodes)} ${sparedWords[why]}`)
    .join('');
  const failed = groups.broken.length > 0 ? `, ${names(groups.broken)} failed within the limit` : '';
  return `${counted(groups.ready.length, 'node')} ready on ${imageName(target)}${spared}${failed}`;
}

/** Why nodes stay on their image, in the log, the plan and the summary. */
export const sparedWords: Readonly<Record<NonNullable<ReturnType<typeof whySpared>>, string>> = {
  protected: 'protected and left alone',
  leftOut: 'left out, as asked by tag phoenix-leave-out',
  undrainable: `left on the old image after ${mostDrains} drains that failed`,
};

const names = (nodes: readonly Node[]) =>
  nodes.length > 5 ? `${nodes.length} nodes` : nodes.map((node) => node.name).join(', ');
