import { sameImage } from '../rollout/node.ts';
import type { Observed, Phase, Stretch, Track } from './observed.ts';
import type { Event } from './rollout-story.ts';
import { elapsed, imageName } from './words.ts';

/** What a timeline is drawn from. */
export interface Course {
  readonly observed: Observed;
  readonly events: readonly Event[];
  /** The image whose arrival is shown: in a rollout that was taken back still the one that it brought. */
  readonly goal: string;
  readonly until: number;
}

const mostColumns = 60;
const mostRows = 40;
const mostFailedRows = 10;
const tickEvery = 10;

/**
 * The rollout as text: a row a node, a column a span of time. All marks are block elements, which are equally wide also
 * in fonts where letters are not; names stand behind the bars for the same reason.
 */
export function timeline(course: Course): string {
  const axis = axisOf(course);
  const tracks = inOrderTaken([...course.observed.tracks.values()]);
  const rows = tracks.length <= mostRows ? nodeRows(tracks, axis, course) : groupRows(tracks, axis, course);
  return [...rows.lines, ...axisLines(axis, course), ...rows.legend].join('\n');
}

interface Axis {
  readonly from: number;
  readonly spanMs: number;
  readonly columns: number;
}

const spansInSeconds = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800];

function axisOf({ observed: { since }, until }: Course): Axis {
  const whole = Math.max(1, until - since);
  const seconds = spansInSeconds.find((span) => whole <= span * 1000 * mostColumns);
  const spanMs = (seconds ?? Math.ceil(whole / mostColumns / 1000)) * 1000;
  return { from: since, spanMs, columns: Math.ceil(whole / spanMs) };
}

interface Rows {
  readonly lines: readonly string[];
  readonly legend: readonly string[];
}

// --- a row a node

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
const onGoal = '█';

function nodeRows(tracks: readonly Track[], axis: Axis, course: Course): Rows {
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

function columnsOf({ from, spanMs, columns }: Axis): readonly { readonly from: number; readonly to: number }[] {
  return Array.from({ length: columns }, (_, index) => ({
    from: from + index * spanMs,
    to: from + (index + 1) * spanMs,
  }));
}

/** What took most of this span; of equals the later one. */
function mostOf({ stretches }: Track, from: number, to: number): Stretch | undefined {
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

function markOf(stretch: Stretch | undefined, goal: string): string {
  if (!stretch) return marks.gone;
  if (stretch.phase !== 'serving') return marks[stretch.phase];
  return sameImage(stretch.image, goal) ? onGoal : elsewhere;
}

/** Those that were taken first stand first, and what was never taken last. */
const inOrderTaken = (tracks: readonly Track[]) =>
  [...tracks].sort((one, other) => (takenAt(one) === takenAt(other) ? 0 : takenAt(one) - takenAt(other)));

const takenAt = ({ stretches }: Track) =>
  stretches.find(({ phase }) => phase === 'drain' || phase === 'disk')?.from ?? Number.MAX_SAFE_INTEGER;

// --- a row a zone, or a part of the set

function groupRows(tracks: readonly Track[], axis: Axis, course: Course): Rows {
  const failed = tracks.filter(({ stretches }) => stretches.at(-1)?.phase === 'out');
  const shown = nodeRows(failed.slice(0, mostFailedRows), axis, course);
  const groups = groupsOf(tracks);
  const goal = imageName(course.goal);
  return {
    lines: [...shown.lines, ...groups.map(({ title, members }) => `${shareBar(members, axis, course)}  ${title}`)],
    legend: [
      `▁▂▃▄▅▆▇█ the share of these nodes that serve on ${goal}: ▁ none or few, █ all`,
      `${tracks.length} nodes are too many for a row each: ${howGrouped(groups)}${alsoFailed(failed)}`,
      ...shown.legend,
    ],
  };
}

interface Group {
  readonly title: string;
  readonly members: readonly Track[];
  readonly zone?: string;
}

function groupsOf(tracks: readonly Track[]): readonly Group[] {
  const zones = [...new Set(tracks.map(({ node: { zone } }) => zone))].sort();
  if (zones.length > 1)
    return zones.map((zone) => {
      const members = tracks.filter(({ node }) => node.zone === zone);
      return { title: `zone ${zone || '-'}, ${members.length} nodes`, members, zone };
    });
  const size = Math.ceil(tracks.length / 10);
  return Array.from({ length: Math.ceil(tracks.length / size) }, (_, index) => {
    const members = tracks.slice(index * size, (index + 1) * size);
    return { title: `${members[0]?.node.name ?? ''} and ${members.length - 1} more`, members };
  });
}

const howGrouped = ([first]: readonly Group[]) =>
  first?.zone === undefined ? 'they are in tenths, in the order in which they were taken' : 'they are shown by zone';

function alsoFailed(failed: readonly Track[]): string {
  if (failed.length === 0) return '';
  const many = Math.min(failed.length, mostFailedRows);
  return `; above, ${many} of ${failed.length} that failed or were out of service`;
}

const eighths = '▁▂▃▄▅▆▇█';

const shareBar = (members: readonly Track[], axis: Axis, { goal, until }: Course) =>
  columnsOf(axis)
    .map(({ from, to }) => {
      const there = members.filter((track) => markOf(mostOf(track, from, Math.min(to, until)), goal) === onGoal).length;
      return eighths[Math.floor((there / members.length) * 7)];
    })
    .join('');

// --- time

/** Things that a reader looks for on the axis. */
const turningPoints: ReadonlySet<string> = new Set(['pass', 'halt', 'pause', 'back']);

const mostMarks = 12;

function axisLines(axis: Axis, { events, observed: { since } }: Course): readonly string[] {
  const turns = events.filter(({ what }) => turningPoints.has(what));
  const columnOf = (at: number) => Math.min(axis.columns - 1, Math.max(0, Math.floor((at - axis.from) / axis.spanMs)));
  const marked = new Set(turns.map(({ at }) => columnOf(at)));
  const line = Array.from({ length: axis.columns }, (_, column) =>
    marked.has(column) ? '▌' : column % tickEvery === 0 ? '▏' : '▔',
  );
  const ticks = Array.from({ length: Math.ceil(axis.columns / tickEvery) }, (_, index) =>
    elapsed(index * tickEvery * axis.spanMs).padEnd(tickEvery),
  );
  const listed = turns.slice(0, mostMarks).map(({ at, text }) => `▌ ${elapsed(at - since)} ${shortened(text)}`);
  const more = turns.length > mostMarks ? [`▌ and ${turns.length - mostMarks} more`] : [];
  return [line.join(''), ticks.join('').trimEnd(), ...listed, ...more, '', `a column is ${axis.spanMs / 1000} s`];
}

const shortened = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
