import { readFileSync } from 'node:fs';
import { bakeImage } from '../../../tasks/BakeImage/bake-image.ts';
import { readRequest as readBake } from '../../../tasks/BakeImage/inputs.ts';
import type { Agent } from '../../../tasks/common/agent/agent.ts';
import type { Conclusion } from '../../../tasks/common/agent/run-task.ts';
import { type Azure, connect } from '../../../tasks/common/azure/connect.ts';
import { systemClock } from '../../../tasks/common/clock.ts';
import { leaveIn } from '../../../tasks/common/execute/ending/left-note.ts';
import { concludePlan } from '../../../tasks/common/execute/foresight/plan-task.ts';
import { narrator } from '../../../tasks/common/execute/narrator.ts';
import { concludeRollout, type TaskTools } from '../../../tasks/common/execute/rollout-task.ts';
import { newId } from '../../../tasks/common/random.ts';
import { freshAssertion } from '../../../tasks/common/sign-in/fresh-assertion.ts';
import { readRequest as readPublish } from '../../../tasks/PublishGalleryVersion/inputs.ts';
import { publishVersion } from '../../../tasks/PublishGalleryVersion/publish-version.ts';
import { concludeRecord } from '../../../tasks/RollbackScaleSet/conclude-record.ts';
import { concludeRollback } from '../../../tasks/RollbackScaleSet/conclude-rollback.ts';
import { readRequest as readRollback } from '../../../tasks/RollbackScaleSet/inputs.ts';
import { actOnRecord } from '../../../tasks/RollbackScaleSet/record-action.ts';
import { rollBack } from '../../../tasks/RollbackScaleSet/roll-back.ts';
import { readRequest as readUpgrade } from '../../../tasks/UpgradeScaleSetNodes/inputs.ts';
import { foreseeUpgrade, upgradeNodes } from '../../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import { askNode } from '../../support/ask-node.ts';
import type { TaskName } from './case.ts';
import type { Stage } from './stage.ts';

/** What each task's index.ts does, with the simulated Azure in place of a network. */
export const bodies: Readonly<Record<TaskName, (agent: Agent, stage: Stage) => Promise<Conclusion>>> = {
  async BakeImage(agent, stage) {
    const request = readBake(agent);
    const bake = await bakeImage(request, {
      agent,
      azure: open(agent, stage, request.connection),
      machine: { environment: { PATH: stage.path }, platform: process.platform, arch: process.arch },
      clock: systemClock,
      newId,
      freshAssertion: () => freshAssertion(request.connection, { ...agent, httpClient: stage.httpClient() }),
    });
    return { result: 'succeeded', message: `Packer made ${bake.image.imageId}` };
  },
  async PublishGalleryVersion(agent, stage) {
    const request = readPublish(agent);
    const azure = open(agent, stage, request.connection);
    const published = await publishVersion(request, { azure, clock: systemClock, agent });
    return { result: 'succeeded', message: `${published.id} is in ${published.regions.join(', ')}` };
  },
  async UpgradeScaleSetNodes(agent, stage) {
    const request = readUpgrade(agent.inputs, readText);
    const tools = rolloutTools(agent, stage);
    if (request.plan) return concludePlan(request.set.name, await foreseeUpgrade(request, tools), agent);
    return concludeRollout('Upgrade', await upgradeNodes(request, tools), tools, agent);
  },
  async RollbackScaleSet(agent, stage) {
    const request = readRollback(agent.inputs, readText);
    const tools = rolloutTools(agent, stage);
    const { recordAction: action, set, takeover } = request;
    if (action) return concludeRecord(await actOnRecord({ action, set, takeover }, tools), agent);
    return concludeRollback(await rollBack(request, tools), tools, agent);
  },
};

const readText = (path: string) => readFileSync(path, 'utf8');

function open(agent: Agent, stage: Stage, connection = agent.connection('azureSubscription')): Azure {
  const { network, mask } = agent;
  return connect({ connection, network, mask, userAgent: 'phoenix-scale-sets/test', httpClient: stage.httpClient() });
}

function rolloutTools(agent: Agent, stage: Stage): TaskTools {
  return {
    azure: open(agent, stage),
    askStatus: askNode(stage.world),
    clock: systemClock,
    newId,
    run: agent.run,
    cancelled: agent.cancelled,
    observer: narrator({ line: agent.log.line, progress: agent.progress }, () => systemClock.now()),
    leave: leaveIn(agent.memory, agent.connection('azureSubscription')),
  };
}
