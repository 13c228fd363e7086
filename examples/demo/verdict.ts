import { isDeepStrictEqual } from 'node:util';
import type { Findings, Part } from './report.ts';
import { perSecond, requests } from './traffic/tally.ts';

export interface Check {
  readonly sentence: string;
  readonly holds: boolean;
}

const rollouts: readonly Part[] = ['rollout of 2.0.0', 'rollout of 3.0.0'];
const wantedPerSecond = 20;
const wantedRequests = 300;

/** What the demo promises. With draining nobody may be cut off; the control run, without, must show the opposite. */
export function verdict(findings: Findings, drained: boolean): readonly Check[] {
  return [
    ...(drained ? rollouts.map((part) => nobodyCutOff(findings, part)) : [somebodyCutOff(findings)]),
    ...rollouts.map((part) => many(findings, part)),
    busyEnough(findings),
    stageEnded(findings, '2.0.0', 'Rest', 'succeeded'),
    stageEnded(findings, '3.0.0', 'Canary', 'failed'),
    rolledBack(findings),
    asPlanned(findings),
    { sentence: 'the broken version reached one node and no more', holds: findings.nodesOnBrokenVersion.length === 1 },
    { sentence: 'at the end all four nodes are healthy on 2.0.0', holds: wholeOn(findings, '2.0.0') },
  ];
}

/** What a soak promises: many requests while release after release went over all nodes, and nobody cut off. */
export function soakVerdict(findings: Findings, enough: number): readonly Check[] {
  const parts = findings.traffic.map(({ part }) => part).filter(isRollout);
  const last = parts.at(-1)?.replace('rollout of ', '') ?? '';
  return [
    ...parts.map((part) => nobodyCutOff(findings, part)),
    {
      sentence: `at least ${enough} requests during ${parts.length} rollouts: ${duringRollouts(findings.traffic)}`,
      holds: duringRollouts(findings.traffic) >= enough,
    },
    busyEnough(findings, parts),
    { sentence: `at the end all four nodes are healthy on ${last}`, holds: wholeOn(findings, last) },
  ];
}

/** Requests while nodes left and came back. */
export const duringRollouts = (traffic: Findings['traffic']): number =>
  traffic.reduce((sum, { part, tally }) => sum + (isRollout(part) ? requests(tally) : 0), 0);

const isRollout = (part: Part) => part.startsWith('rollout of ');

const during = (findings: Findings, parts: readonly Part[]) =>
  findings.traffic.filter(({ part }) => parts.includes(part)).map(({ tally }) => tally);

const lost = (findings: Findings, parts: readonly Part[]) =>
  during(findings, parts).reduce((sum, tally) => sum + tally.failed + tally.reset, 0);

function nobodyCutOff(findings: Findings, part: Part): Check {
  const seen = during(findings, [part]).length > 0;
  return { sentence: `no request failed or was reset: ${part}`, holds: seen && lost(findings, [part]) === 0 };
}

const somebodyCutOff = (findings: Findings): Check => ({
  sentence: 'without draining requests broke, so the measure works',
  holds: lost(findings, rollouts) > 0,
});

const many = (findings: Findings, part: Part): Check => ({
  sentence: `at least ${wantedRequests} requests: ${part}`,
  holds: during(findings, [part]).reduce((sum, tally) => sum + requests(tally), 0) >= wantedRequests,
});

const busyEnough = (findings: Findings, parts = rollouts): Check => ({
  sentence: `at least ${wantedPerSecond} requests a second during the rollouts`,
  holds: during(findings, parts).every((tally) => perSecond(tally) >= wantedPerSecond),
});

const stageEnded = (findings: Findings, version: string, name: string, result: string): Check => ({
  sentence: `stage ${name} of ${version} ${result}`,
  holds: findings.stages.some((stage) => stage.version === version && stage.name === name && stage.result === result),
});

/** A release manager approves by what a dry run says: it must be what then happens. */
function asPlanned({ dryRuns: [dryRun, ...more] }: Findings): Check {
  if (!dryRun) return { sentence: 'stage Rest of 2.0.0 was played dry before its approval', holds: false };
  const { waves, ...numbers } = dryRun.planned;
  const told = Object.entries(numbers).map(([name, text]) => `${name.toLowerCase()} ${text}`);
  return {
    sentence: `stage Rest of 2.0.0 did what its dry run said: ${told.join('; ')}; in the order ${waves}`,
    holds: more.length === 0 && waves !== '' && isDeepStrictEqual(dryRun.planned, dryRun.seen),
  };
}

const rolledBack = ({ stages }: Findings): Check => ({
  sentence: 'its on: failure brought the node back',
  holds: stages.some(({ version, name, rolledBack }) => version === '3.0.0' && name === 'Canary' && rolledBack),
});

const wholeOn = ({ nodes }: Findings, version: string) =>
  nodes.length === 4 && nodes.every((node) => node.version === version && node.health === 'healthy');
