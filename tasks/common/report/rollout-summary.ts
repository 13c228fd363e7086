import { looksHealthy, type Node, sameImage } from '../rollout/node.ts';
import type { Situation } from '../rollout/state.ts';
import { limitsTable, type TypedLimits } from './limits-table.ts';
import { cell, fenced } from './markdown.ts';
import { nodeTable } from './node-table.ts';
import type { Observed } from './observed.ts';
import { type Outlook, outlookText } from './outlook.ts';
import type { Event } from './rollout-story.ts';
import { timeline } from './timeline.ts';
import { elapsed, imageName, lasting } from './words.ts';

export interface RolloutReport {
  readonly set: string;
  /** `Upgrade` or `Rollback`. */
  readonly kind: string;
  /** One sentence: how it ended and why. */
  readonly ending: string;
  /** The image that the task was to bring, also when it was taken back. */
  readonly goal: string;
  /** Where a rollback of it would lead, or where this one came from. */
  readonly other: string;
  readonly before: readonly Node[];
  readonly after: Situation;
  /** How the rollout itself had ended, when it was taken back. */
  readonly failed?: Situation;
  readonly events: readonly Event[];
  readonly observed: Observed;
  readonly until: number;
  readonly typed: TypedLimits;
  /** How it was judged, where a reader could take something else for granted. */
  readonly notes?: readonly string[];
  /** What the reader does next; empty when nothing is to be done. */
  readonly next: string;
  readonly outlook?: Outlook;
}

/** The summary page of a rollout: what was observed, not what was planned. */
export function rolloutSummary(report: RolloutReport): string {
  const outlook = report.outlook ? outlookText(report.outlook) : '';
  return [
    `**${report.kind} of ${report.set} to ${imageName(report.goal)}**: ${cell(cut(report.ending))}`,
    standing(report),
    ...(report.notes ?? []).map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`),
    ...(report.next === '' ? [] : [`**Next:** ${report.next}`]),
    ...(outlook === '' ? [] : ['**What you can do now**', outlook]),
    '**Nodes**',
    nodeTable(report),
    ...(report.observed.tracks.size === 0 ? [] : ['**Timeline**', fenced(timeline(report))]),
    '**Limits**',
    limitsTable(report),
    ...paused(report),
    '**What happened**',
    fenced(story(report).join('\n')),
  ].join('\n\n');
}

export const eventLine = (event: Event, startedAt: number) =>
  `${elapsed(event.at - startedAt)}  ${event.what.padEnd(8)} ${event.text}`;

/** How many nodes run what, and how long it took: the answer to the first question of anybody who was woken. */
function standing({ kind, after: { nodes }, goal, other, observed, until }: RolloutReport): string {
  const images = [goal, ...new Set(nodes.map(({ image }) => image).filter((image) => !sameImage(image, goal)))];
  const counts = images.map((image) => {
    const many = nodes.filter((node) => node.image === image || sameImage(node.image, image)).length;
    return `${many} of ${nodes.length} on ${cell(imageName(image))}`;
  });
  const way = `${kind === 'Rollback' ? 'Brought back from' : 'Way back'}: ${cell(imageName(other))}.`;
  const healthy = nodes.filter(looksHealthy).length;
  return `Nodes now: ${counts.join(', ')}; ${healthy} of ${nodes.length} healthy. It took ${lasting(until - observed.since)}. ${way}`;
}

/** Sentences of what was paused for the rollout and what was put back, in their order. */
function paused({ events, observed }: RolloutReport): readonly string[] {
  const told = events.filter(({ what }) => what === 'paused' || what === 'restored');
  if (told.length === 0) return [];
  const lines = told.slice(0, mostLines).map(({ at, text }) => `- ${elapsed(at - observed.since)} ${cell(cut(text))}`);
  return ['**Paused and put back**', lines.join('\n')];
}

const firstLines = 60;
const lastLines = 90;
const mostLines = firstLines + lastLines;

/** The log has each wait, and everything of a long rollout; a page has what happened. */
function story({ events, observed }: RolloutReport): readonly string[] {
  const lines = events
    .filter(({ what }) => what !== 'wait')
    .map((event) => eventLine({ ...event, text: cut(event.text) }, observed.since));
  if (lines.length <= mostLines) return lines;
  const left = `… ${lines.length - mostLines} lines are left out here: the step's log has them`;
  return [...lines.slice(0, firstLines), left, ...lines.slice(-lastLines)];
}

/** What Azure or a script says can be of any length. */
const cut = (text: string) => (text.length > 600 ? `${text.slice(0, 599)}…` : text);
