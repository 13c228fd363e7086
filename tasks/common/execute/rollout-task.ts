import type { Agent } from '../agent/agent.ts';
import type { Conclusion } from '../agent/run-task.ts';
import { connect } from '../azure/connect.ts';
import { systemClock } from '../clock.ts';
import { askRunOf } from '../devops/ask-run.ts';
import { healthNote } from '../health/source.ts';
import { statusAsker } from '../network/ask-status.ts';
import { newId } from '../random.ts';
import { goalOf, renewsProven, wayBackOf } from '../record/record.ts';
import { leftPaused } from '../report/paused-text.ts';
import { rollbackOutputs, upgradeOutputs } from '../report/rollout-outputs.ts';
import { rolloutSummary } from '../report/rollout-summary.ts';
import { imageName } from '../report/words.ts';
import { groupNodes } from '../rollout/groups.ts';
import { sameImage } from '../rollout/node.ts';
import { oidcSend } from '../sign-in/oidc-send.ts';
import { userAgent } from '../version.ts';
import { leaveIn } from './ending/left-note.ts';
import { lookAhead } from './foresight/look-ahead.ts';
import type { Ending } from './job.ts';
import { type Narrator, narrator } from './narrator.ts';
import type { RolloutResult, Tools } from './rollout-plan.ts';

export interface TaskTools extends Tools {
  readonly observer: Narrator;
}

/** The tools of a rollout, as a task on a pipeline agent has them. */
export function rolloutTools(agent: Agent, connection = agent.connection('azureSubscription')): TaskTools {
  const clock = systemClock;
  return {
    azure: connect({
      connection,
      network: agent.network,
      mask: agent.mask,
      userAgent,
      cancelled: agent.cancelled,
    }),
    askStatus: statusAsker(clock),
    clock,
    newId,
    run: agent.run,
    askRun: askRunOf({ service: agent.service, send: oidcSend(agent.network), clock, cancelled: agent.cancelled }),
    cancelled: agent.cancelled,
    observer: narrator({ line: agent.log.line, progress: agent.progress }, () => clock.now()),
    leave: leaveIn(agent.memory, connection),
  };
}

/** Says how a rollout ended: outputs, summary, and whether the step has succeeded. */
export async function concludeRollout(
  kind: 'Upgrade' | 'Rollback',
  result: RolloutResult,
  tools: TaskTools,
  agent: Agent,
): Promise<Conclusion> {
  const { ending, plan } = result;
  const record = result.record ?? plan.record;
  const outputs =
    kind === 'Upgrade'
      ? {
          ...upgradeOutputs(ending.outcome, record, wayBackOf(record), (result.failed ?? ending).situation),
          ...left(result),
        }
      : rollbackOutputs(ending.outcome, plan.record, broughtBack(result));
  for (const [name, value] of Object.entries(outputs)) agent.output(name, value);
  agent.summary(`${kind} ${plan.set.name}`, await summaryOf(kind, result, tools));
  const message = `${kind} of ${plan.set.name} to ${imageName(goalOf(plan.record))} ${ending.outcome}: ${ending.reason}`;
  const next = nextFor(kind, result);
  if (next !== '') agent.log.line(`What to do: ${next}`);
  if (ending.outcome !== 'completed') return { result: 'failed', message, ...codeOf(ending) };
  return { result: isWithIssues(result) ? 'succeededWithIssues' : 'succeeded', message };
}

/** It went well, and yet some nodes were left alone or have failed, or the model could not be pointed where it should. */
function isWithIssues({ ending, modelNames }: RolloutResult): boolean {
  const { spared, broken } = groupNodes(ending.situation);
  return spared.length + broken.length > 0 || modelNames !== undefined;
}

/** Once a rollout has been taken back, only what still runs its image counts as upgraded. */
function left({ back, ending, plan }: RolloutResult): { readonly upgradedNodes?: string } {
  if (!back) return {};
  const there = ending.situation.nodes.filter(({ image }) => sameImage(image, plan.record.target));
  return { upgradedNodes: there.map(({ id }) => id).join(',') };
}

type RolloutCode = 'RolloutHalted' | 'RolloutTakenBack' | 'RolloutIncomplete' | 'Cancelled';

/** The word for an alert: that of the failure which stopped the rollout, else how far it came. */
const codeOf = ({ failure, outcome }: Ending): { readonly code?: string } =>
  outcome === 'completed' ? {} : { code: failure?.code ?? codes[outcome] };

const codes: Readonly<Record<Exclude<Ending['outcome'], 'completed'>, RolloutCode>> = {
  halted: 'RolloutHalted',
  rolledBack: 'RolloutTakenBack',
  incomplete: 'RolloutIncomplete',
  cancelled: 'Cancelled',
};

/** Nodes that ran something else when we came and run the goal now. */
function broughtBack({ plan, ending }: RolloutResult): readonly string[] {
  const goal = goalOf(plan.record);
  const away = new Set(plan.before.filter((node) => !sameImage(node.image, goal)).map((node) => node.id));
  return ending.situation.nodes
    .filter((node) => away.has(node.id) && sameImage(node.image, goal))
    .map((node) => node.id);
}

const scaleOutWords = (record: RolloutResult['record']) =>
  record?.scaleOut === 'new'
    ? 'the new image, as scaleOutImage asks, and counts as one of those that are on it'
    : 'the proven image';

async function summaryOf(kind: string, result: RolloutResult, { observer, clock }: TaskTools): Promise<string> {
  const { plan, ending } = result;
  const outlook = kind === 'Upgrade' ? await lookAhead(result, observer.observed, clock.now()) : undefined;
  return rolloutSummary({
    set: plan.set.name,
    kind,
    ending: `${ending.outcome}. ${ending.reason}`,
    goal: goalOf(plan.record),
    other: kind === 'Upgrade' ? wayBackOf(result.record ?? plan.record) : plan.record.target,
    before: plan.before,
    after: ending.situation,
    ...(result.failed && { failed: result.failed.situation }),
    notes: notesOf(plan),
    events: observer.events,
    observed: observer.observed,
    until: clock.now(),
    typed: {
      maxUnavailable: plan.maxUnavailable,
      ...(plan.drain && { drainTimeoutMs: plan.drain.timeoutMs }),
      ...(plan.jobDeadlineMs !== undefined && { jobDeadlineMs: plan.jobDeadlineMs }),
    },
    next: [nextFor(kind, result), leftPaused(result.record?.paused ?? {}, plan.set.name)].filter(Boolean).join(' '),
    ...(outlook && { outlook }),
  });
}

/** What a reader of the result must know of how it was judged. */
const notesOf = ({ health }: RolloutResult['plan']) => [healthNote(health) ?? []].flat();

function nextFor(kind: string, { ending, whole, back, trouble, record, modelNames }: RolloutResult): string {
  const failure = ending.failure ?? trouble;
  const goesBack = back && ending.outcome !== 'rolledBack' && failure?.code !== 'OwnershipLost';
  if (goesBack) return `${failure?.hint ?? 'Mend the cause.'} ${backGoesOn}`;
  if (failure) return failure.hint;
  if (modelNames !== undefined)
    return `The model still names ${imageName(modelNames)}, and a node that scales out gets that: the log says why it could not be pointed elsewhere. See to it, then run this task again, or RollbackScaleSet.`;
  switch (ending.outcome) {
    case 'completed':
      return whole
        ? ''
        : `The other nodes stay on their image. A node that scales out gets ${scaleOutWords(record)}. Run UpgradeScaleSetNodes with more nodes to go on${record && renewsProven(record) ? '' : ', or RollbackScaleSet to go back'}.`;
    case 'rolledBack':
      return 'Every node runs the proven image again. Mend the cause, publish it as a new version, then upgrade to that one.';
    case 'halted':
      if (record && renewsProven(record)) return renewalHalted;
      return kind === 'Upgrade'
        ? 'Nothing more is started and scale-outs get the proven image. Run RollbackScaleSet to bring the nodes back, or mend the cause and run this task again.'
        : 'Nothing more is started. Mend the cause, then run RollbackScaleSet again: it goes on where it stands.';
    case 'cancelled':
    case 'incomplete':
      return 'Run the task again: it goes on from where the fleet is.';
  }
}

const renewalHalted =
  'Nothing more is started, and there is nothing to take back: the nodes run the proven image. Mend the cause and run this task again with force: true.';

const backGoesOn =
  'Then run RollbackScaleSet, or this task again with the same image and onFailure: rollback: the way back goes on where it stands.';
