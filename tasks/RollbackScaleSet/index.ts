import { readFileSync } from 'node:fs';
import { currentAgent } from '../common/agent/current-agent.ts';
import { runTask } from '../common/agent/run-task.ts';
import { rolloutTools } from '../common/execute/rollout-task.ts';
import { concludeRecord } from './conclude-record.ts';
import { concludeRollback } from './conclude-rollback.ts';
import { readRequest } from './inputs.ts';
import { actOnRecord } from './record-action.ts';
import { rollBack } from './roll-back.ts';

void runTask(currentAgent, async (agent) => {
  const request = readRequest(agent.inputs, (path) => readFileSync(path, 'utf8'));
  const tools = rolloutTools(agent);
  const { recordAction: action, set, takeover } = request;
  if (action) return concludeRecord(await actOnRecord({ action, set, takeover }, tools), agent);
  return concludeRollback(await rollBack(request, tools), tools, agent);
});
