import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { readAlerts } from '../common/execute/alert-options.ts';
import {
  atLeastOne,
  type ReadText,
  type RolloutOptions,
  readRolloutOptions,
} from '../common/execute/rollout-options.ts';
import { Failure } from '../common/failure.ts';
import type { Amount } from '../common/rollout/limits.ts';
import { parseSelection, selectionForms } from '../common/rollout/selection.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): UpgradeRequest {
  const options = readRolloutOptions(inputs, readText);
  return {
    ...options,
    target: formatImageVersionId(imageVersionId(inputs.text('imageVersionId'))),
    nodes: readNodes(inputs),
    force: inputs.flag('force', false),
    ...readCheckpoints(inputs, options),
    alertRules: readAlerts(inputs),
    scaleOutImage: inputs.choice('scaleOutImage', ['stable', 'new'], 'stable'),
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

/** `10%, 50%`: where to stop in between. */
function readCheckpoints(
  inputs: Inputs,
  { jobDeadlineMs }: RolloutOptions,
): Pick<UpgradeRequest, 'checkpoints' | 'bakeMs'> {
  const text = inputs.optionalText('checkpoints') ?? '';
  const checkpoints = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => checkpointIn(part.trim(), text));
  const { ms: bakeMs, text: bakeTime } = inputs.duration('bakeTime', { fallback: '10m', max: '5h', unit: 'm' });
  if (checkpoints.length > 0 && parseSelection(inputs.optionalText('nodes') ?? '')) {
    throw new Failure(
      'ContradictoryInputs',
      `Input "checkpoints" is "${text}", and "nodes" names the nodes: their order, not their number, is what was asked for`,
      'Give nodes as a number or a share, or leave checkpoints out.',
    );
  }
  if (checkpoints.length > 0 && jobDeadlineMs !== undefined && bakeMs >= jobDeadlineMs) {
    throw new Failure(
      'ContradictoryInputs',
      `Input "bakeTime" is "${bakeTime}", which is not shorter than jobDeadline: no run could ever get past a checkpoint`,
      'Change one of the two inputs.',
    );
  }
  return { checkpoints, bakeMs };
}

function checkpointIn(part: string, text: string): Amount {
  const [, digits, percent] = /^(\d{1,6})(\s*%)?$/.exec(part) ?? [];
  const number = Number(digits);
  if (number > 0 && percent === undefined) return { kind: 'count', count: number };
  if (number > 0 && number < 100) return { kind: 'percent', percent: number };
  throw new Failure(
    'InvalidInput',
    `Input "checkpoints" is "${text}"`,
    'It must be numbers of nodes or shares below 100%, with commas between: 1, 10%, 50%.',
  );
}
