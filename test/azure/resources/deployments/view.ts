import { createHash } from 'node:crypto';
import { at, object, text } from '../../core/json.ts';
import type { Deployment, DeploymentOperation } from '../state.ts';

/** A deployment as its GET shows it. */
export function view(deployment: Deployment) {
  const { id, name, mode, provisioningState, correlationId, startedAt, endedAt, error, outputs, resourceIds } =
    deployment;
  return {
    id,
    name,
    type: 'Microsoft.Resources/deployments',
    properties: {
      templateHash: createHash('sha256').update(JSON.stringify(deployment.template)).digest('hex').slice(0, 19),
      parameters: shownParameters(deployment),
      mode,
      provisioningState,
      timestamp: new Date(endedAt ?? startedAt).toISOString(),
      duration: `PT${((endedAt ?? startedAt) - startedAt) / 1000}S`,
      correlationId,
      providers: [],
      dependencies: [],
      ...(provisioningState === 'Succeeded' && { outputResources: resourceIds.map((resource) => ({ id: resource })) }),
      ...(outputs !== undefined && { outputs }),
      ...(error !== undefined && { error }),
    },
  };
}

/** Secure parameters are shown without their value: Packer hands the machine's password over in one. */
function shownParameters({ template, parameters }: Deployment) {
  const declared = object(template['parameters']);
  const shown = Object.keys(declared).map((name) => {
    const type = text(at(declared, name, 'type')) ?? 'string';
    const value = at(parameters, name, 'value') ?? at(declared, name, 'defaultValue');
    return [name, /^secure/i.test(type) ? { type } : { type, value }] as const;
  });
  return Object.fromEntries(shown);
}

export function operationView(id: string, operation: DeploymentOperation) {
  const { operationId, target, provisioningState, timestamp, error } = operation;
  return {
    id: `${id}/operations/${operationId}`,
    operationId,
    properties: {
      provisioningOperation: 'Create',
      provisioningState,
      timestamp: new Date(timestamp).toISOString(),
      statusCode: error ? 'Conflict' : 'OK',
      ...(error && { statusMessage: { error } }),
      targetResource: target,
    },
  };
}
