import type { Track } from './observed.ts';
import { type Axis, type Course, columnsOf } from './timeline-axis.ts';
import { markOf, mostOf, nodeRows, onGoal, type Rows } from './timeline-nodes.ts';
import { imageName } from './words.ts';

const mostFailedRows = 10;

/** A row a zone, or a part of the set; before them the nodes that failed. */
export function groupRows(tracks: readonly Track[], axis: Axis, course: Course): Rows {
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
