import type { Forecast } from './forecast.ts';
import type { UsualTimes } from './observed.ts';
import { counted, imageName, lasting } from './words.ts';

/** What the one who approves can do next, each carried out on an imagined fleet with the times seen in this run. */
export interface Outlook {
  /** All other nodes, within the limits of this task; absent when there are none left. */
  readonly next?: Prospect;
  /** Absent when nothing runs the image, or nobody knows where back is. */
  readonly back?: Prospect;
  readonly usual: UsualTimes;
  /** Why something could not be worked out. */
  readonly trouble?: string;
}

export interface Prospect {
  readonly goal: string;
  readonly forecast: Forecast;
}

/** The choices as sentences: approve, roll back, and what the times are taken from. */
export function outlookText({ next, back, usual, trouble }: Outlook): string {
  const lines = [
    next ? `- **Approving the next stage** ${approving(next)}` : undefined,
    back ? `- **Rolling back** (RollbackScaleSet) ${rollingBack(back)}` : undefined,
    trouble === undefined ? undefined : `- What comes next could not be worked out: ${trouble}`,
    next || back ? `- ${basis(usual)}` : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

const approving = ({ goal, forecast }: Prospect) =>
  `for all nodes, with the limits of this one, brings ${goers(forecast)} to ${imageName(goal)}${moreAway(forecast)}. ${lasts(forecast)}`;

function rollingBack({ goal, forecast }: Prospect): string {
  const { calls } = forecast;
  const model =
    calls.imageWrites > 0
      ? `makes the model name ${imageName(goal)} first, so that a scale-out starts on it, then`
      : `finds that the model names ${imageName(goal)} already, and`;
  return `${model} brings ${goers(forecast)} back to ${imageName(goal)}${moreAway(forecast)}. ${lasts(forecast)}`;
}

/** `5 nodes (shop_1 first, then shop_2, shop_3 and 2 more)`. */
function goers({ waves }: Forecast): string {
  const [first, ...later] = waves.map(({ nodes }) => nodes.map(({ name }) => name));
  if (!first) return 'no node';
  const rest = later.flat();
  const shown = rest.slice(0, 3);
  const more = rest.length - shown.length;
  const then = shown.length === 0 ? '' : `, then ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const head = first.length > 5 ? `${first.slice(0, 5).join(', ')} and ${first.length - 5} more` : first.join(', ');
  const many = first.length + rest.length;
  return then === '' ? `${counted(many, 'node')} (${head})` : `${counted(many, 'node')} (${head} first${then})`;
}

function moreAway({ waves, after: { limits } }: Forecast): string {
  const many = waves.flatMap(({ nodes }) => nodes).length;
  return many === 0 ? '' : `, at most ${Math.min(many, limits.maxUnavailable)} out of service at a time`;
}

const lasts = ({ outcome, tookMs, reason }: Forecast) =>
  outcome === 'completed'
    ? `Expected: about ${lasting(tookMs)}.`
    : `As it stands it would not come to its end (${outcome}): ${reason}.`;

function basis({ drainMs, diskMs, healthyMs }: UsualTimes): string {
  const seen = [
    ['to drain', drainMs],
    ['for a new disk', diskMs],
    ['to become healthy on it', healthyMs],
  ] as const;
  const known = seen.flatMap(([what, ms]) => (ms === undefined ? [] : [`${lasting(ms)} ${what}`]));
  if (known.length === 0) return 'Nothing was replaced in this run: times are assumed, not measured.';
  return `Times are those of this run: on average a node took ${known.join(', ')}.`;
}
