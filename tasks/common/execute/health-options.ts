import type { Inputs } from '../agent/inputs.ts';
import { Failure } from '../failure.ts';
import { nodeUrlForm, parseNodeUrl } from '../health/node-url.ts';
import type { HealthSource } from '../health/source.ts';

/** Reads who says whether a node is healthy, and refuses what belongs to another source. */
export function readHealth(inputs: Inputs, read: (path: string) => string): HealthSource {
  const kind = inputs.choice('healthSource', ['azure', 'http', 'script', 'none'], 'azure');
  const url = inputs.optionalText('healthUrl');
  if (url !== undefined && kind !== 'http') throw unasked('healthUrl', url, kind);
  const path = inputs.optionalPath('healthScript');
  if (path !== undefined && kind !== 'script') throw unasked('healthScript', path, kind);
  switch (kind) {
    case 'azure':
    case 'none':
      return { kind };
    case 'http':
      return { kind, url: nodeUrl(url) };
    case 'script':
      return { kind, script: read(path ?? noScript()) };
  }
}

function noScript(): never {
  throw new Failure(
    'InputMissing',
    'Input "healthScript" is empty, and healthSource is "script": there is nothing to run on the nodes',
    'Give a script of the checkout that ends with exit code 0 on a node that is well.',
  );
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
    `Input "${input}" is "${value}", but healthSource is "${kind}": it would have no effect`,
    'Change one of the two inputs.',
  );
