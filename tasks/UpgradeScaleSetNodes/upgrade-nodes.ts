import { beforeTheKill } from '../common/execute/ending/before-the-kill.ts';
import { goOnBack, takeBack } from '../common/execute/ending/take-back.ts';
import { turnsBack } from '../common/execute/ending/turns-back.ts';
import { type Foresight, foreseeBoth } from '../common/execute/foresight/foresee.ts';
import type { RolloutPlan, RolloutResult, Tools } from '../common/execute/rollout-plan.ts';
import { runRollout } from '../common/execute/rollout-run.ts';
import { gatherRefusals, stopAtFirst } from '../common/preflight/check.ts';
import { announce } from './announce.ts';
import { prepareUpgrade } from './prepare-upgrade.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** Brings nodes of a scale set onto an image version: checks everything, then rolls. */
export const upgradeNodes = (request: UpgradeRequest, tools: Tools): Promise<RolloutResult> =>
  beforeTheKill(upgrade(request, tools), tools);

async function upgrade(request: UpgradeRequest, tools: Tools): Promise<RolloutResult> {
  const plan = await prepareUpgrade(request, tools, stopAtFirst);
  if (plan.record.state === 'rollingBack') return goOnBack(plan, tools);
  announce(request, plan, tools);
  const result = await runRollout(plan, tools);
  return turnsBack(plan, result.ending) ? takeBack(result, tools) : result;
}

/** The dry run: reads and checks what an upgrade would, gathers all that stands in its way, and writes nothing. */
export const foreseeUpgrade = (request: UpgradeRequest, tools: Tools): Promise<Foresight> =>
  beforeTheKill(foresee(request, tools), tools);

async function foresee(request: UpgradeRequest, tools: Tools): Promise<Foresight> {
  const { refusals, check } = gatherRefusals();
  let plan: RolloutPlan | undefined;
  await check(async () => {
    plan = await prepareUpgrade(request, tools, check);
  });
  if (!plan) return { refusals };
  announce(request, plan, tools);
  return { refusals, plan, ...(await foreseeBoth(plan, tools.clock.now())) };
}
