import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { type ReadText, readRolloutOptions } from '../common/execute/rollout-options.ts';
import { Failure } from '../common/failure.ts';
import type { RollbackRequest } from './roll-back.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): RollbackRequest {
  const to = inputs.optionalText('to') ?? 'previous';
  const action = inputs.choice('recordAction', ['none', 'show', 'adopt', 'release', 'forget'], 'none');
  if (action !== 'none' && to.toLowerCase() !== 'previous') {
    throw new Failure(
      'ContradictoryInputs',
      `Input "recordAction" is "${action}", and "to" names an image: an action on the record brings no node anywhere`,
      'Leave one of the two inputs out.',
    );
  }
  return {
    ...readRolloutOptions(inputs, readText),
    to: destination(to),
    ...(action !== 'none' && { recordAction: action }),
  };
}

const destination = (to: string) =>
  to.toLowerCase() === 'previous' ? undefined : formatImageVersionId(imageVersionId(to, 'to'));
