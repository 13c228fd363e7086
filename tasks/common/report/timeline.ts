import type { Track } from './observed.ts';
import { axisLines, axisOf, type Course } from './timeline-axis.ts';
import { groupRows } from './timeline-groups.ts';
import { nodeRows } from './timeline-nodes.ts';

const mostRows = 40;

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

/** Those that were taken first stand first, and what was never taken last. */
const inOrderTaken = (tracks: readonly Track[]) =>
  [...tracks].sort((one, other) => (takenAt(one) === takenAt(other) ? 0 : takenAt(one) - takenAt(other)));

const takenAt = ({ stretches }: Track) =>
  stretches.find(({ phase }) => phase === 'drain' || phase === 'disk')?.from ?? Number.MAX_SAFE_INTEGER;
