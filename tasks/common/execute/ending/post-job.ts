import type { Agent } from '../../agent/agent.ts';
import type { Conclusion } from '../../agent/run-task.ts';
import { Failure } from '../../failure.ts';
import { putBackSummary } from '../../report/put-back-summary.ts';
import { rolloutTools, type TaskTools } from '../rollout-task.ts';
import { beforeTheKill } from './before-the-kill.ts';
import { type Legacy, readLegacy } from './left-note.ts';
import { putBackLeft } from './put-back-left.ts';
import type { PutBack } from './what-is-left.ts';

/**
 * The post-job step of a rollout: it always runs, after all steps of the job, also when its step was skipped. So it does
 * something only for a step that was cancelled or crashed, and it never fails the job: how the rollout went was said by the
 * step, and that something could not be put back is a warning.
 */
export async function runPostJob(agent: Agent): Promise<Conclusion> {
  try {
    const legacy = readLegacy(agent.memory);
    if (!legacy) return { result: 'succeeded', message: 'Nothing is left to put back' };
    const { id, subscriptionId } = legacy.connection;
    const tools = rolloutTools(agent, agent.connectionOf(id, subscriptionId));
    return await putBackWith(tools, legacy, agent);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return withIssue(error, agent);
  }
}

export async function putBackWith(
  tools: TaskTools,
  { left }: Legacy,
  agent: Pick<Agent, 'summary'>,
): Promise<Conclusion> {
  const ended = await beforeTheKill(putBackLeft(left, tools), tools);
  const message = `After the rollout of ${left.set.name}: ${ended.reason}`;
  if (ended.kind !== 'nothing') agent.summary(`After the rollout of ${left.set.name}`, summaryOf(ended, tools));
  return { result: ended.kind === 'partly' ? 'succeededWithIssues' : 'succeeded', message };
}

const summaryOf = ({ reason }: PutBack, { observer }: TaskTools) =>
  putBackSummary(reason, observer.events, observer.startedAt);

/** Whose record it is has changed under our hands: then it is theirs to end. */
function withIssue({ code, message, hint }: Failure, { log }: Pick<Agent, 'log'>): Conclusion {
  if (code === 'OwnershipLost' || code === 'RecordGone')
    return { result: 'succeeded', message: `Nothing more is put back: ${message}` };
  log.line(`What to do: ${hint}`);
  return { result: 'succeededWithIssues', message: `What the step had left is not put back: ${message}`, code };
}
