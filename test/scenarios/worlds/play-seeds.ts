import { openPool } from '../../support/process-pool.ts';
import type { Seeds, SeedsPlayed } from './worker.ts';

const atOnce = 20;

/** Plays seeds on all cores, and adds up what became of them. `heard` is told of every handful. */
export async function playSeeds(
  from: number,
  many: number,
  heard: (played: SeedsPlayed) => void = () => {},
): Promise<SeedsPlayed> {
  const pool = openPool<Seeds, SeedsPlayed>(new URL('./worker.ts', import.meta.url));
  try {
    const starts = Array.from({ length: Math.ceil(many / atOnce) }, (_, index) => from + index * atOnce);
    const all = await Promise.all(
      starts.map(async (start) => {
        const played = await pool.run({ from: start, to: Math.min(start + atOnce, from + many) });
        heard(played);
        return played;
      }),
    );
    return all.reduce(added, { outcomes: {}, calls: 0, deaths: 0, problems: [] });
  } finally {
    pool.close();
  }
}

function added(one: SeedsPlayed, other: SeedsPlayed): SeedsPlayed {
  const outcomes = { ...one.outcomes };
  for (const [outcome, times] of Object.entries(other.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
  return {
    outcomes,
    calls: one.calls + other.calls,
    deaths: one.deaths + other.deaths,
    problems: [...one.problems, ...other.problems],
  };
}

/** `completed 812, halted 40; 36045 calls, 120 deaths`. */
export const counted = ({ outcomes, calls, deaths }: SeedsPlayed): string => {
  const endings = Object.entries(outcomes)
    .sort(([, one], [, other]) => other - one)
    .map(([outcome, times]) => `${outcome} ${times}`);
  return `${endings.join(', ')}; ${calls} calls, ${deaths} deaths`;
};
