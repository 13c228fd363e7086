import type { Failure } from '../failure.ts';
import type { Times } from '../rollout/imagined.ts';
import { type Node, sameImage } from '../rollout/node.ts';
import { type Forecast, totalCalls, type Wave } from './forecast.ts';
import { limitsText } from './limits-table.ts';
import { table } from './markdown.ts';
import { counted, elapsed, imageName, lasting } from './words.ts';

/** What a dry run found: all of it is expectation, and says so. */
export interface PlanReport {
  readonly set: string;
  readonly goal: string;
  readonly wayBack: string;
  readonly before: readonly Node[];
  /** How long things were taken to last for what is expected. */
  readonly assumed: Times;
  readonly expected: Forecast;
  readonly longest: Forecast;
  /** What the record and the model say once this has gone well. */
  readonly afterwards: { readonly state: string; readonly modelImage: string };
  readonly notes: readonly string[];
}

export const noPlan = 'No plan could be made: what it needs could not be read.';

/** The summary page of a dry run; without a report, only what is in the way. */
export function planSummary(title: string, refusals: readonly Failure[], report: PlanReport | undefined): string {
  const head = `**Plan of ${title}**: nothing was changed. ${verdict(refusals)}`;
  const parts = [head, ...refusalTable(refusals), ...(report ? planned(report) : [noPlan])];
  return parts.join('\n\n');
}

export const verdict = (refusals: readonly Failure[]) =>
  refusals.length === 0
    ? 'Nothing stands in its way.'
    : `It would be refused for ${counted(refusals.length, 'reason')}: ${refusals.map(({ code }) => code).join(', ')}.`;

const refusalTable = (refusals: readonly Failure[]): readonly string[] =>
  refusals.length === 0
    ? []
    : [
        table(
          ['Refused for', 'Why', 'What to do'],
          refusals.map(({ code, message, hint }) => [code, message, hint]),
        ),
      ];

function planned(report: PlanReport): readonly string[] {
  const { expected } = report;
  return [
    endingText(report),
    expected.waves.length === 0 ? 'No node has to be replaced.' : waveTable(expected.waves),
    `Limits: ${limitsText(expected.after.limits)}. Way back: ${imageName(report.wayBack)}.`,
    table(['What it takes', 'Planned'], numbers(report)),
    `Assumed, not measured: ${basisText(report.assumed, expected.calls.drains > 0)}. With times that differ a wave may split or join others; the order of nodes, the writes and the drains stay as planned. A wave starts as soon as slots are free, not when all of the last one are done.`,
    ...report.notes,
  ];
}

function basisText({ drainMs, diskMs, healthyMs, writeMs }: Times, drains: boolean): string {
  const drain = drains ? `drains in ${lasting(drainMs)} and ` : '';
  return `a node ${drain}is healthy on its new disk ${lasting(diskMs + healthyMs)} after Azure has accepted its replacement, and a write of the scale set takes ${lasting(writeMs)}`;
}

function endingText({ expected, afterwards }: PlanReport): string {
  if (expected.outcome !== 'completed')
    return `**It would not come to its end** (${expected.outcome}): ${expected.reason}`;
  return `It would end \`completed\`: ${expected.reason}. The record then says \`${afterwards.state}\`, and nodes that scale out get ${imageName(afterwards.modelImage)}.`;
}

const waveTable = (waves: readonly Wave[]) =>
  table(
    ['Wave', 'After', 'Nodes', 'Zones'],
    waves.map(({ afterMs, nodes }, index) => [String(index + 1), elapsed(afterMs), names(nodes), zonesOf(nodes)]),
  );

const names = (nodes: readonly Node[]) => nodes.map(({ name }) => name).join(', ');

const zonesOf = (nodes: readonly Node[]) => [...new Set(nodes.map(({ zone }) => zone || '-'))].sort().join(', ');

/** One line a wave, for the log. */
export const waveLines = ({ waves }: Forecast): readonly string[] =>
  waves.map(({ afterMs, nodes }, index) => `${elapsed(afterMs)}  wave ${index + 1}   ${names(nodes)}`);

function numbers(report: PlanReport): readonly (readonly string[])[] {
  const { expected, longest, before } = report;
  const { calls, waves } = expected;
  const replaced = waves.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const renewed = waves.flatMap(({ nodes }) => nodes).filter(({ stale }) => stale).length;
  return [
    ['Nodes to replace', `${replaced} of ${before.length}`],
    ...(renewed > 0 ? [['Of them on the image already, to be renewed', String(renewed)]] : []),
    ['Waves', String(waves.length)],
    ['Writes of the scale set', `${calls.setWrites}, of them ${calls.imageWrites} with another image for the model`],
    ['Upgrade calls', `${calls.upgrades} (one a node at most)`],
    ...(calls.reimages ? [['Reimage calls', `${calls.reimages} (one a node at most)`]] : []),
    ...(calls.drains > 0 ? [['Drains', `${calls.drains}, and ${calls.drainEnds} removals of their commands`]] : []),
    ...(calls.pauses > 0 ? [['Pauses, and putting back', String(calls.pauses)]] : []),
    ...(calls.protections > 0 ? [['Protection lifted, and given back', `${calls.protections} writes of nodes`]] : []),
    ...(calls.checks ? [['Health checks', `${calls.checks}, and ${calls.checkEnds} removals of their commands`]] : []),
    ['Calls to Azure from the first write on', `about ${totalCalls(calls)}`],
    ['Time', `about ${lasting(expected.tookMs)}`],
    ['Time at the longest', longest.outcome === 'completed' ? lasting(longest.tookMs) : longestText(longest)],
    ['Models that nodes refer to', modelsText(report)],
  ];
}

const longestText = ({ tookMs, outcome, reason }: Forecast) => `${outcome} after ${lasting(tookMs)}: ${reason}`;

/**
 * Azure does not say which model a node was made from. Each image that nodes run is at least one; each write of the
 * image makes another, which counts while a node refers to it (azure.md §2).
 */
function modelsText({ before, goal, expected }: PlanReport): string {
  const images = new Set(before.map(({ image }) => image.toLowerCase()).filter((image) => image !== ''));
  const others = before.some(({ image }) => sameImage(image, goal)) ? ', one of them the goal' : '';
  const worst = images.size + expected.calls.imageWrites;
  return `${images.size} by their images${others}; at worst ${worst} when this ends, and Azure allows 10`;
}
