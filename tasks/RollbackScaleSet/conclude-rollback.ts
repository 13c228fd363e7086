import type { Agent } from '../common/agent/agent.ts';
import type { Conclusion } from '../common/agent/run-task.ts';
import type { RolloutResult } from '../common/execute/rollout-plan.ts';
import { concludeRollout, type TaskTools } from '../common/execute/rollout-task.ts';
import type { NothingToTakeBack } from './this-run.ts';

/** Says how the way back ended, or why there was none to go. */
export async function concludeRollback(
  result: RolloutResult | NothingToTakeBack,
  tools: TaskTools,
  agent: Agent,
): Promise<Conclusion> {
  return 'nothing' in result ? concludeNothing(result, agent) : concludeRollout('Rollback', result, tools, agent);
}

/** No image was restored and no node brought back, so no other output is set. */
function concludeNothing({ set, nothing, next }: NothingToTakeBack, agent: Agent): Conclusion {
  const lines = [`${nothing}. Model and nodes are left as they are.`, ...(next ? [`What to do: ${next}`] : [])];
  for (const line of lines) agent.log.line(line);
  agent.output('outcome', 'nothing');
  agent.summary(`Rollback ${set}`, lines.join('\n\n'));
  return { result: 'succeeded', message: nothing };
}
