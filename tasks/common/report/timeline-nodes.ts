import { sameImage } from '../rollout/node.ts';
import type { Phase, Stretch, Track } from './observed.ts';
import { type Axis, type Course, columnsOf } from './timeline-axis.ts';
import { imageName } from './words.ts';

/** The rows of a timeline, and what their marks mean. */
export interface Rows {
  readonly lines: readonly string[];
  readonly legend: readonly string[];
}

const marks: Readonly<Record<Exclude<Phase, 'serving'>, string>> = {
  drain: '░',
  idle: '░',
  disk: '▒',
  health: '▓',
  proof: '▄',
  out: '▚',
  gone: '▖',
};

const words: Readonly<Record<Exclude<Phase, 'serving'>, string>> = {
  drain: 'is drained',
  idle: 'is drained',
  disk: 'gets its new disk',
  health: 'runs, not healthy yet',
  proof: 'healthy, not yet for long enough',
  out: 'failed or out of service',
  gone: 'not in the set',
};

const elsewhere = '▁';
export const onGoal = '█';

/** A row a node. */
export function nodeRows(tracks: readonly Track[], axis: Axis, course: Course): Rows {
  const bars = tracks.map((track) => bar(track, axis, course));
  const drawn = new Set(bars.join(''));
  const legend = [
    [elsewhere, `serves on ${others(tracks, course)}`],
    ...Object.entries(marks).map(([phase, mark]) => [mark, words[phase as keyof typeof words]]),
    [onGoal, `serves on ${imageName(course.goal)}`],
  ].filter(([mark = ''], index, all) => drawn.has(mark) && all.findIndex(([same]) => same === mark) === index);
  return {
    lines: tracks.map((track, index) => `${bars[index]}  ${titleOf(track)}`),
    legend: legend.map(([mark, text]) => `${mark} ${text}`),
  };
}

/** The image of the nodes that serve on another one; where there are several, that they are others. */
function others(tracks: readonly Track[], { goal }: Course): string {
  const serving = tracks.flatMap(({ stretches }) => stretches.filter(({ phase }) => phase === 'serving'));
  const images = new Set(serving.map(({ image }) => imageName(image)).filter((name) => name !== imageName(goal)));
  const [image = 'another image', ...more] = images;
  return more.length === 0 ? image : 'another image';
}

const titleOf = ({ node: { name, zone } }: Track) => (zone === '' ? name : `${name}, zone ${zone}`);

const bar = (track: Track, axis: Axis, { goal, until }: Course) =>
  columnsOf(axis)
    .map(({ from, to }) => markOf(mostOf(track, from, Math.min(to, until)), goal))
    .join('');

/** What took most of this span; of equals the later one. */
export function mostOf({ stretches }: Track, from: number, to: number): Stretch | undefined {
  let longest: Stretch | undefined;
  let longestMs = 0;
  for (const [index, stretch] of stretches.entries()) {
    const ms = Math.min(to, stretches[index + 1]?.from ?? to) - Math.max(from, stretch.from);
    if (ms <= 0 || ms < longestMs) continue;
    longest = stretch;
    longestMs = ms;
  }
  return longest;
}

export function markOf(stretch: Stretch | undefined, goal: string): string {
  if (!stretch) return marks.gone;
  if (stretch.phase !== 'serving') return marks[stretch.phase];
  return sameImage(stretch.image, goal) ? onGoal : elsewhere;
}
