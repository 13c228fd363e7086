import { counted, imageName } from '../report/words.ts';
import { type Groups, takenNodes } from './groups.ts';
import { entryOf } from './logbook.ts';
import { isOn, looksHealthy, type Node } from './node.ts';
import type { Situation } from './state.ts';

/** What earlier stages of the rollout have brought: a later one looks for it before it begins with nodes of its own. */
export interface Promised {
  readonly nodes: number;
  /** Ids of nodes that those stages named. */
  readonly named: ReadonlySet<string>;
}

/** What is left to do until the nodes of the stages before are there and well again. */
export interface LookBack {
  /** They run the target, this run has not brought them, and they are not ready: nothing starts before they are. */
  readonly doubtful: readonly Node[];
  /** Who may take the place of those that are missing, and how many of them have to. */
  readonly candidates: readonly Node[];
  readonly many: number;
  /** All is as it was promised, or as near to it as it can come. */
  readonly isKept: boolean;
}

/**
 * The state of the look-back; undefined when nothing was promised or it is behind us. A stage promised two nodes, one runs
 * the target, and the other has left the set: once the one is ready, any old node of this stage takes the place of the
 * other. A node that was named and has fallen back goes before others, whoever runs the target in its place.
 */
export function lookBack(groups: Groups, { limits: { promised }, logbook }: Situation): LookBack | undefined {
  if (!promised || logbook.lookedBack) return undefined;
  const fallen = [...groups.old, ...groups.unchosen].filter(({ id }) => promised.named.has(id));
  const candidates = fallen.length > 0 ? fallen : groups.old;
  const lacking = Math.max(fallen.length, promised.nodes - takenNodes(groups));
  const many = Math.max(0, Math.min(lacking, candidates.length));
  const settling = [...groups.settling, ...groups.relapsed];
  const { draining, drained, stuck, returning, replacing } = groups;
  const underWay = [...draining, ...drained, ...stuck, ...returning, ...replacing, ...settling];
  const there = groups.ready.length + groups.broken.length;
  return {
    doubtful: settling.filter(({ id }) => entryOf(logbook, id).errand === undefined),
    candidates,
    many,
    // An old node that Azure is at work with may turn out to be one of them.
    isKept: underWay.length === 0 && many === 0 && (there >= promised.nodes || groups.busy.length === 0),
  };
}

/** Why nodes are taken now that do not count as this stage's own. */
export const restoredBecause = (groups: Groups, { many }: LookBack, { target, limits }: Situation): string =>
  `looking back: ${found(groups.ready.length, limits.promised?.nodes ?? 0, target)}, ${many} to be brought again, maxUnavailable is ${limits.maxUnavailable}`;

/** How it ended, when it ended well. */
export function keptBecause(groups: Groups, { target, limits: { promised } }: Situation): string {
  const [well, failed, all] = [groups.ready.length, groups.broken.length, promised?.nodes ?? 0];
  const lost = Math.max(0, all - well - failed);
  return [
    `${found(well, all, target)} and ${well === 1 ? 'is' : 'are'} healthy`,
    ...(failed > 0 ? [`${groups.broken.map(({ name }) => name).join(', ')} failed within the limit`] : []),
    ...(lost > 0 ? [`no node can take the place of ${lost === 1 ? 'the other' : `the other ${lost}`}`] : []),
  ].join(', ');
}

/** What the first look shows of it, before anything has begun. */
export function foundAgain(nodes: readonly Node[], target: string, promised: number): string {
  const there = nodes.filter((node) => isOn(node, target) && node.provisioning !== 'deleting');
  const sick = there.filter((node) => !looksHealthy(node)).map(({ name, health }) => `${name} (${health})`);
  const missing = Math.max(0, promised - there.length);
  const well = sick.length > 0 ? [`nothing starts before ${sick.join(', ')} serves again`] : [];
  const gone = missing > 0 ? [`${missing} to be brought again before others`] : [];
  return [`looking back: ${found(there.length, promised, target)}`, ...gone, ...well].join('; ');
}

/** `1 of 2 nodes of the stages before runs 2.0.0`. */
const found = (there: number, all: number, target: string) =>
  `${Math.min(there, all)} of ${counted(all, 'node')} of the stages before ${there === 1 ? 'runs' : 'run'} ${imageName(target)}`;
