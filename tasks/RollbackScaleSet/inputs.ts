import type { Inputs } from '../common/agent/inputs.ts';
import { formatImageVersionId, imageVersionId } from '../common/azure/resource-id.ts';
import { type ReadText, readRolloutOptions } from '../common/execute/rollout-options.ts';
import type { RollbackRequest } from './roll-back.ts';

/** Turns the step's inputs into one request. After this nobody reads an input again. */
export function readRequest(inputs: Inputs, readText: ReadText): RollbackRequest {
  return { ...readRolloutOptions(inputs, readText), to: destination(inputs.optionalText('to') ?? 'previous') };
}

const destination = (to: string) =>
  to.toLowerCase() === 'previous' ? undefined : formatImageVersionId(imageVersionId(to, 'to'));
