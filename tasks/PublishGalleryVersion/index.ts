import { currentAgent } from '../common/agent/current-agent.ts';
import { runTask } from '../common/agent/run-task.ts';
import { connect } from '../common/azure/connect.ts';
import { systemClock } from '../common/clock.ts';
import { userAgent } from '../common/version.ts';
import { readRequest } from './inputs.ts';
import { publishVersion } from './publish-version.ts';
import { publishSummary } from './summary.ts';

void runTask(currentAgent, async (agent) => {
  const request = readRequest(agent);
  const { connection, version } = request;
  const { network, mask, cancelled } = agent;
  const azure = connect({ connection, network, mask, userAgent, cancelled });
  const published = await publishVersion(request, { azure, clock: systemClock, agent });
  agent.output('imageVersionId', published.id);
  agent.output('imageVersion', published.version);
  agent.output('replicatedRegions', published.regions.join(','));
  agent.summary(`Version ${version.definition} ${version.version}`, publishSummary(request, published));
  const regions = published.regions.join(', ');
  return {
    result: 'succeeded',
    message: `${published.id} is in ${regions}${published.done.length === 0 ? ' (nothing to do)' : ''}`,
  };
});
