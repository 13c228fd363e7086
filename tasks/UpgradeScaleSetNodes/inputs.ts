import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { atLeastOne, type ReadText, readRolloutOptions } from '../common/execute/rollout-options.ts';
import type { UpgradeRequest } from './upgrade-nodes.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): UpgradeRequest {
  return {
    ...readRolloutOptions(inputs, readText),
    target: formatImageVersionId(imageVersionId(inputs.text('imageVersionId'))),
    nodes: atLeastOne(inputs.countOrPercent('nodes', '100%'), 'nodes'),
    onFailure: inputs.choice('onFailure', ['stop', 'rollback'], 'stop'),
    plan: inputs.flag('plan', false),
  };
}
