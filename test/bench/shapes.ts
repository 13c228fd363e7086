type Times = readonly number[];

/** Batches, each begun when the last node of the one before is ready: times 1, 5, 2, 2 in twos take 5 + 2. */
export function batchesWithBarrier(times: Times, batch: number): number {
  let total = 0;
  for (let first = 0; first < times.length; first += batch) total += Math.max(...times.slice(first, first + batch));
  return total;
}

/**
 * Azure's own rolling upgrade: batches with a barrier that never cross a zone, unless enableCrossZoneUpgrade is asked for.
 * Nodes are in the zones in turn. No pause between batches, its default, and no time for its looks and writes.
 */
export function zoneByZone(times: Times, batch: number, zones: number): number {
  const perZone = Array.from({ length: zones }, (_, zone) => times.filter((_time, node) => node % zones === zone));
  return perZone.reduce((total, inZone) => total + batchesWithBarrier(inZone, batch), 0);
}

/** A sliding window that knows at once when a node is ready, and starts the next in no time: what looking costs shows beside it. */
export function idealWindow(times: Times, slots: number): number {
  const freeAt = Array.from({ length: Math.min(slots, times.length) }, () => 0);
  for (const time of times) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + time;
  }
  return Math.max(...freeAt);
}
