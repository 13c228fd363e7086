import type { Observed } from './observed.ts';
import type { Event } from './rollout-story.ts';
import { elapsed } from './words.ts';

/** What a timeline is drawn from. */
export interface Course {
  readonly observed: Observed;
  readonly events: readonly Event[];
  /** The image whose arrival is shown: in a rollout that was taken back still the one that it brought. */
  readonly goal: string;
  readonly until: number;
}

const mostColumns = 60;
const tickEvery = 10;

/** How time is cut into columns. */
export interface Axis {
  readonly from: number;
  readonly spanMs: number;
  readonly columns: number;
}

const spansInSeconds = [5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800];

export function axisOf({ observed: { since }, until }: Course): Axis {
  const whole = Math.max(1, until - since);
  const seconds = spansInSeconds.find((span) => whole <= span * 1000 * mostColumns);
  const spanMs = (seconds ?? Math.ceil(whole / mostColumns / 1000)) * 1000;
  return { from: since, spanMs, columns: Math.ceil(whole / spanMs) };
}

export function columnsOf({ from, spanMs, columns }: Axis): readonly { readonly from: number; readonly to: number }[] {
  return Array.from({ length: columns }, (_, index) => ({
    from: from + index * spanMs,
    to: from + (index + 1) * spanMs,
  }));
}

/** Things that a reader looks for on the axis. */
const turningPoints: ReadonlySet<string> = new Set(['pass', 'halt', 'pause', 'back']);

const mostMarks = 12;

/** The axis with its turning points, each told below it. */
export function axisLines(axis: Axis, { events, observed: { since } }: Course): readonly string[] {
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
