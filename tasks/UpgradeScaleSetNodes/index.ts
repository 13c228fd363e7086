import { readFileSync } from 'node:fs';
import { currentAgent } from '../common/agent/current-agent.ts';
import { runTask } from '../common/agent/run-task.ts';
import { concludePlan } from '../common/execute/foresight/plan-task.ts';
import { concludeRollout, rolloutTools } from '../common/execute/rollout-task.ts';
import { readRequest } from './inputs.ts';
import { foreseeUpgrade, upgradeNodes } from './upgrade-nodes.ts';

void runTask(currentAgent, async (agent) => {
  const request = readRequest(agent.inputs, (path) => readFileSync(path, 'utf8'));
  const tools = rolloutTools(agent);
  if (request.plan) return concludePlan(request.set.name, await foreseeUpgrade(request, tools), agent);
  const result = await upgradeNodes(request, tools);
  return concludeRollout('Upgrade', result, tools, agent);
});
