import { currentAgent } from '../common/agent/current-agent.ts';
import { inheritedEnvironment } from '../common/agent/environment.ts';
import { runTask } from '../common/agent/run-task.ts';
import { connect } from '../common/azure/connect.ts';
import { systemClock } from '../common/clock.ts';
import { withTempFolder } from '../common/packer/temp-folder.ts';
import { newId } from '../common/random.ts';
import { freshAssertion } from '../common/sign-in/fresh-assertion.ts';
import { userAgent } from '../common/version.ts';
import { bakeImage } from './bake-image.ts';
import { readRequest } from './inputs.ts';
import { bakeSummary } from './summary.ts';

void runTask(currentAgent, async (agent) => {
  const request = readRequest(agent);
  const { platform } = process;
  const environment = withTempFolder(platform, inheritedEnvironment(), agent.tempFolder);
  const bake = await bakeImage(request, {
    agent,
    azure: connect({
      connection: request.connection,
      network: agent.network,
      mask: agent.mask,
      userAgent,
      cancelled: agent.cancelled,
    }),
    machine: { environment, platform, arch: process.arch },
    clock: systemClock,
    newId,
    freshAssertion: () => freshAssertion(request.connection, agent),
  });
  const { image } = bake;
  agent.output('imageId', image.imageId);
  agent.output('imageName', image.imageName);
  agent.output('location', image.location);
  agent.output('osType', image.osType);
  agent.output('galleryVersionId', image.galleryVersionId);
  agent.output('manifestPath', bake.manifestPath);
  agent.summary(`Image ${image.imageName}`, bakeSummary(request, bake));
  return { result: 'succeeded', message: `Packer made ${image.imageId}` };
});
