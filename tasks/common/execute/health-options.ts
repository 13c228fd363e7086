import type { Inputs } from '../agent/inputs.ts';
import { Failure } from '../failure.ts';
import { nodeUrlForm, parseNodeUrl } from '../health/node-url.ts';
import type { HealthSource } from '../health/source.ts';

/** Reads who says whether a node is healthy, and refuses what belongs to another source. */
export function readHealth(inputs: Inputs): HealthSource {
  const kind = inputs.choice('healthSource', ['azure', 'http', 'none'], 'azure');
  const url = inputs.optionalText('healthUrl');
  if (url !== undefined && kind !== 'http') throw unasked('healthUrl', url, kind);
  switch (kind) {
    case 'azure':
    case 'none':
      return { kind };
    case 'http':
      return { kind, url: nodeUrl(url) };
  }
}

function nodeUrl(text: string | undefined) {
  if (text === undefined)
    throw new Failure(
      'InputMissing',
      'Input "healthUrl" is empty, and healthSource is "http": the agent would not know what to ask the nodes',
      `Give it as ${nodeUrlForm}.`,
    );
  const url = parseNodeUrl(text);
  if (url) return url;
  throw new Failure(
    'InvalidInput',
    `Input "healthUrl" is "${text}"`,
    `It must be ${nodeUrlForm}: the host is left out, since it is the private address of each node.`,
  );
}

const unasked = (input: string, value: string, kind: string) =>
  new Failure(
    'ContradictoryInputs',
    `Input "${input}" is "${value}", but healthSource is "${kind}": nobody would ask there`,
    'Change one of the two inputs.',
  );
