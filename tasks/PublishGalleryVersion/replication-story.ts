import type { GalleryVersion, Replica } from '../common/azure/gallery.ts';

/** What was last said of each region, so that only news is said. */
export type Said = ReadonlyMap<string, string>;

/** One sentence for each region that has moved on since: another state, or twenty points more. */
export function replicationNews(
  said: Said,
  { replicas }: GalleryVersion,
): { readonly news: readonly string[]; readonly said: Said } {
  const marks = replicas.map((replica) => ({ replica, mark: `${replica.state} ${Math.floor(replica.percent / 20)}` }));
  const fresh = marks.filter(({ replica, mark }) => said.get(replica.region) !== mark);
  return {
    news: fresh.map(({ replica }) => `${replica.region}: ${howFar(replica)}`),
    said: new Map([...said, ...marks.map(({ replica, mark }) => [replica.region, mark] as const)]),
  };
}

/** `Replicating 40 %`, `Completed`, `Failed (no capacity)`. */
export function howFar({ state, percent, details }: Replica): string {
  const share = state === 'Completed' || percent === 0 ? '' : ` ${Math.round(percent)} %`;
  return `${state}${share}${details === '' ? '' : ` (${details})`}`;
}

/** All regions together, from 0 to 100. */
export function overallPercent({ replicas, regions }: GalleryVersion): number {
  const count = Math.max(1, regions.length, replicas.length);
  return Math.floor(replicas.reduce((sum, { percent }) => sum + percent, 0) / count);
}

/** Replication takes minutes to hours, at 1 to 3 % a minute (pipelines.md §8): look often at first, then less. */
export function lookAgainMs(waitedMs: number): number {
  if (waitedMs < 60_000) return 5_000;
  return waitedMs < 600_000 ? 15_000 : 30_000;
}
