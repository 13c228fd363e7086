import { constants, setPriority } from 'node:os';
import { drawWorld } from './draw.ts';
import { playWorld } from './play-world.ts';

/** Seeds `from` to below `to`. */
export interface Seeds {
  readonly from: number;
  readonly to: number;
}

export interface SeedsPlayed {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly deaths: number;
  /** What went wrong, by seed. */
  readonly problems: readonly string[];
}

// Real machines may be at work beside it, and have their own idea of time: they go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

process.on('message', async ({ from, to }: Seeds) => {
  const outcomes: Record<string, number> = {};
  const problems: string[] = [];
  const sum = { calls: 0, deaths: 0 };
  for (let seed = from; seed < to; seed += 1) {
    try {
      const played = await playWorld(drawWorld(seed));
      for (const outcome of played.outcomes) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      sum.calls += played.calls;
      sum.deaths += played.deaths;
    } catch (error) {
      problems.push(
        `seed ${seed} (alone: npm run soak -- --from ${seed} --seeds 1): ${String((error as Error).stack)}`,
      );
    }
  }
  process.send?.({ outcomes, ...sum, problems } satisfies SeedsPlayed);
});
