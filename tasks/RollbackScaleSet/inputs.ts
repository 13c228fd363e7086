import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { type ReadText, readRolloutOptions } from '../common/execute/rollout-options.ts';
import { Failure } from '../common/failure.ts';
import type { AnyRollbackRequest, RollbackRequest, ThisRunRequest } from './rollback-request.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): AnyRollbackRequest {
  const to = inputs.optionalText('to') ?? 'previous';
  const action = inputs.choice('recordAction', ['none', 'show', 'adopt', 'release', 'forget'], 'none');
  if (action !== 'none' && !isWord(to, 'previous')) {
    throw new Failure(
      'ContradictoryInputs',
      `Input "recordAction" is "${action}", and "to" ${isWord(to, 'thisRun') ? 'is "thisRun"' : 'names an image'}: an action on the record brings no node anywhere`,
      'Leave one of the two inputs out.',
    );
  }
  return {
    ...readRolloutOptions(inputs, readText),
    ...destination(to),
    ...(action !== 'none' && { recordAction: action }),
  };
}

function destination(to: string): Pick<RollbackRequest, 'to'> | Pick<ThisRunRequest, 'to' | 'onlyThisRun'> {
  if (isWord(to, 'thisRun')) return { to: undefined, onlyThisRun: true };
  return { to: isWord(to, 'previous') ? undefined : formatImageVersionId(imageVersionId(to, 'to')) };
}

const isWord = (to: string, word: 'previous' | 'thisRun') => to.toLowerCase() === word.toLowerCase();
