import { isOn, looksHealthy, type Node } from './node.ts';

/**
 * What one run remembers between two looks. It holds nothing that a later run needs: that one looks again, and times
 * start anew. Immutable, so that a decision can be repeated on the very state it was made from.
 */
export interface Logbook {
  readonly nodes: ReadonlyMap<string, Entry>;
  /** When the run began, or a node last became ready for the first time: one that comes and goes is no progress. */
  readonly lastProgress: number;
  /**
   * Of the time since then, milliseconds that don't count: what was waited on purpose, in a bake or until alerts could be
   * read, and what lies before other headway.
   */
  readonly waitedMs: number;
  /** Of these, milliseconds in which alerts could not be read: they don't count for ever. */
  readonly unreadMs: number;
  /** When the fleet was last looked at; before the first look, when the run began. */
  readonly lookedAt: number;
  /** How many checkpoints are behind us, those of earlier runs included. */
  readonly passed: number;
  /** The nodes of the stages before are there and well: this run has seen it. */
  readonly lookedBack?: true;
}

export interface Entry {
  /** What we have begun with the node; absent when it rests. */
  readonly errand?: Errand;
  /** Since when it has been healthy on the target at every look. */
  readonly healthySince?: number;
  /** Since when we have seen it on the target image without being ready. */
  readonly settlingSince?: number;
  readonly ready: boolean;
  /** It has been seen healthy on the target, in this run. */
  readonly healthyOnce?: true;
  /** It has been ready before, in this run. */
  readonly readyOnce?: true;
  /** Why the last replacement did not work, in ARM's words. */
  readonly problem?: string;
  /** Its drain has failed, and it was put back into service: how often, why the last time, and when. */
  readonly undrained?: { readonly times: number; readonly note: string; readonly since: number };
}

export type Errand =
  /** `certain` is false when nobody knows whether our call arrived: the next looks tell. `missed`: nothing was found of it once. */
  | { readonly kind: 'draining'; readonly since: number; readonly certain: boolean; readonly missed?: true }
  | { readonly kind: 'drained'; readonly since: number; readonly note: string }
  | { readonly kind: 'drainFailed'; readonly since: number; readonly note: string }
  /** Nothing drains it, and its protection is being lifted: it keeps its place until it can be replaced. */
  | { readonly kind: 'lifting'; readonly since: number }
  /** `certain` is false when the answer to our call was lost: the next looks tell whether it arrived. */
  | { readonly kind: 'replacing'; readonly since: number; readonly certain: boolean };

const freshEntry: Entry = { ready: false };

export const emptyLogbook = (now: number, passed = 0): Logbook => ({
  nodes: new Map(),
  lastProgress: now,
  waitedMs: 0,
  unreadMs: 0,
  lookedAt: now,
  passed,
});

/** Milliseconds for which nothing has come further although something should have. */
export const withoutProgressMs = ({ lastProgress, waitedMs }: Logbook, now: number): number =>
  now - lastProgress - waitedMs;

export const entryOf = (logbook: Logbook, id: string): Entry => logbook.nodes.get(id) ?? freshEntry;

/** Writes down what we have begun with a node. */
export function noteErrand(logbook: Logbook, id: string, errand: Errand): Logbook {
  return noteErrands(logbook, [id], errand);
}

/** The same with many nodes that go into one call. */
export function noteErrands(logbook: Logbook, ids: readonly string[], errand: Errand): Logbook {
  const nodes = new Map(logbook.nodes);
  for (const id of ids) nodes.set(id, { ...entryOf(logbook, id), errand });
  return { ...logbook, nodes };
}

/** Nothing came of what we had begun with a node: it rests again. */
export function forgetErrand(logbook: Logbook, id: string): Logbook {
  const { errand: _none, ...entry } = entryOf(logbook, id);
  return withEntry(logbook, id, entry);
}

/** A node whose drain failed serves again. */
export function notePutBack(logbook: Logbook, id: string, now: number): Logbook {
  const { errand, ...entry } = entryOf(logbook, id);
  const note = errand?.kind === 'drainFailed' ? errand.note : '';
  return withEntry(logbook, id, {
    ...entry,
    undrained: { times: (entry.undrained?.times ?? 0) + 1, note, since: now },
  });
}

/** Keeps the error behind an accepted call for the next decision. */
export function noteProblem(logbook: Logbook, id: string, problem: string): Logbook {
  return withEntry(logbook, id, { ...entryOf(logbook, id), problem });
}

/** Nobody knows any more whether our call has come to anything. */
export function noteUnsure(logbook: Logbook, id: string): Logbook {
  const entry = entryOf(logbook, id);
  if (entry.errand?.kind !== 'replacing') return logbook;
  return withEntry(logbook, id, { ...entry, errand: { ...entry.errand, certain: false } });
}

/** A checkpoint is behind us: time without progress counts from here. */
export const notePassed = (logbook: Logbook, now: number): Logbook => ({
  ...logbook,
  passed: logbook.passed + 1,
  lastProgress: now,
  waitedMs: 0,
  unreadMs: 0,
});

/** Nothing was to come further for so long: that is no time without progress. */
export const noteWaited = (logbook: Logbook, ms: number): Logbook => ({
  ...logbook,
  waitedMs: logbook.waitedMs + ms,
});

/** What the stages before have brought is behind us: from here on this stage begins with nodes of its own. */
export const noteLookedBack = (logbook: Logbook): Logbook => ({ ...logbook, lookedBack: true });

/** As long as a look at a large set may well take. */
const longestLookMs = 10_000;

/** Time in which nothing could be seen is held against no node, and is no time without progress: these clocks stood still. */
export function noteBlindness(logbook: Logbook, blindMs: number): Logbook {
  if (blindMs < longestLookMs) return logbook;
  const later = (entry: Entry): Entry => ({
    ...entry,
    ...(entry.settlingSince !== undefined && { settlingSince: entry.settlingSince + blindMs }),
    ...(entry.errand && { errand: { ...entry.errand, since: entry.errand.since + blindMs } }),
  });
  const nodes = new Map([...logbook.nodes].map(([id, entry]) => [id, later(entry)]));
  return { ...logbook, nodes, lastProgress: logbook.lastProgress + blindMs };
}

/** Alerts could not be read for so long, which no more than `mostMs` of are held against nobody. */
export function noteUnread(logbook: Logbook, ms: number, mostMs: number): Logbook {
  const more = Math.min(ms, mostMs - logbook.unreadMs);
  return { ...noteWaited(logbook, more), unreadMs: logbook.unreadMs + more };
}

/** Something has come further that makes no node ready: time without progress begins anew, a bake does not. */
export const noteHeadway = (logbook: Logbook, now: number): Logbook => ({
  ...logbook,
  waitedMs: now - logbook.lastProgress,
});

function withEntry(logbook: Logbook, id: string, entry: Entry): Logbook {
  return { ...logbook, nodes: new Map(logbook.nodes).set(id, entry) };
}

/** Enters one look at the fleet: nodes that are gone are forgotten, clocks of the others start, go on or stop. */
export function noteLook(
  logbook: Logbook,
  seen: readonly Node[],
  target: string,
  minReadyMs: number,
  now: number,
): Logbook {
  const times = { before: logbook.lookedAt, now, minReadyMs };
  const nodes = new Map<string, Entry>();
  let becameReady = false;
  for (const node of seen) {
    const before = entryOf(logbook, node.id);
    const entry = nextEntry(before, node, target, times);
    nodes.set(node.id, entry);
    if (entry.ready && !before.readyOnce) becameReady = true;
  }
  const progress = becameReady ? { lastProgress: now, waitedMs: 0, unreadMs: 0 } : {};
  return { ...logbook, nodes, lookedAt: now, ...progress };
}

/** The look before, this one, and how long a node has to be healthy. */
interface Times {
  readonly before: number;
  readonly now: number;
  readonly minReadyMs: number;
}

function nextEntry(entry: Entry, node: Node, target: string, times: Times): Entry {
  if (isSettled(entry, node, target)) return entry;
  const { healthySince: _h, settlingSince: _s, ...kept } = entry;
  if (!isOn(node, target)) return { ...kept, ready: false };
  const { now, minReadyMs } = times;
  const settlingSince = entry.settlingSince ?? (entry.errand?.kind === 'replacing' ? entry.errand.since : now);
  if (!looksHealthy(node)) return { ...kept, settlingSince: entry.ready ? now : settlingSince, ready: false };
  const healthySince = entry.healthySince ?? healthySinceOf(node, times);
  const ready = entry.ready || now - healthySince >= minReadyMs;
  if (!ready) return { ...kept, healthySince, settlingSince, ready, healthyOnce: true };
  const { errand: _done, problem: _solved, ...settled } = kept;
  return { ...settled, healthySince, settlingSince, ready, healthyOnce: true, readyOnce: true };
}

/**
 * A node that is seen healthy for the first time became so since the look before: when, Azure's own time tells. Kept
 * between the two looks, it can be wrong by no more than lies between them, whatever Azure means by it and its clock says.
 */
const healthySinceOf = ({ healthTime }: Node, { before, now }: Times) =>
  Math.min(now, Math.max(before, healthTime ?? now));

/** Nothing can have changed for it: so it is with most nodes of a large set at most looks. */
function isSettled(entry: Entry, node: Node, target: string): boolean {
  if (entry.errand ?? entry.problem) return false;
  if (isOn(node, target)) return entry.ready && looksHealthy(node);
  return !entry.ready && entry.healthySince === undefined && entry.settlingSince === undefined;
}
