import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { atLeastOne, type ReadText, readRolloutOptions } from '../common/execute/rollout-options.ts';
import { Failure } from '../common/failure.ts';
import { parseSelection, selectionForms } from '../common/rollout/selection.ts';
import type { UpgradeRequest } from './upgrade-nodes.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): UpgradeRequest {
  return {
    ...readRolloutOptions(inputs, readText),
    target: formatImageVersionId(imageVersionId(inputs.text('imageVersionId'))),
    nodes: readNodes(inputs),
    onFailure: inputs.choice('onFailure', ['stop', 'rollback'], 'stop'),
    plan: inputs.flag('plan', false),
  };
}

/** A number, a share, or chosen nodes. */
function readNodes(inputs: Inputs): UpgradeRequest['nodes'] {
  const text = inputs.optionalText('nodes');
  if (text === undefined || !/^[a-z]+:/i.test(text)) return atLeastOne(inputs.countOrPercent('nodes', '100%'), 'nodes');
  const selection = parseSelection(text);
  if (selection) return { ...selection, text };
  throw new Failure('InvalidInput', `Input "nodes" is "${text}"`, `Chosen nodes are named by ${selectionForms}.`);
}
