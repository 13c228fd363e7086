import { ArmError } from '../../core/arm-errors.ts';
import { type Answer, ok, type Request } from '../../core/http.ts';
import { keyOf } from '../../core/ids.ts';
import { object } from '../../core/json.ts';
import { accept, type Completion, readOperation } from '../../core/operations.ts';
import { group, type Route } from '../../core/routes.ts';
import type { World } from '../../core/world.ts';
import { findGroup, inScope, writableGroup } from '../lookup.ts';
import { acceptByLocation, briefWork } from '../operations.ts';
import type { Deployment } from '../state.ts';
import { Deploying } from './deploy.ts';
import { readOutputs, readTemplate, type TemplateResource } from './template.ts';
import { operationView, view } from './view.ts';

const page = 'https://learn.microsoft.com/rest/api/resources/deployments';
const operationsPage = 'https://learn.microsoft.com/rest/api/resources/deployment-operations';
const deployments = `${group}/providers/Microsoft.Resources/deployments`;
const deployment = `${deployments}/:name`;

/** The routes of deployments, given the table by whose PUTs a deployment makes its resources. */
export function deploymentRoutes(providers: readonly Route[]): readonly Route[] {
  const writeDeployment = (world: World, request: Request) => write(world, request, providers);
  return [
    ['GET', deployments, listDeployments, `${page}/list-by-resource-group`],
    ['GET', deployment, readDeployment, `${page}/get`],
    ['HEAD', deployment, checkDeployment, `${page}/check-existence`],
    ['PUT', deployment, writeDeployment, `${page}/create-or-update`],
    ['DELETE', deployment, deleteDeployment, `${page}/delete`],
    ['POST', `${deployment}/validate`, validate, `${page}/validate`],
    // Without a provider: so says the specification, and so ask Packer and Azure CLI.
    ['GET', `${group}/deployments/:name/operations`, listOperations, `${operationsPage}/list`],
    ['GET', `${deployment}/operationStatuses/:id`, readOperation, page],
  ];
}

function listDeployments(world: World, request: Request): Answer {
  return ok({ value: inScope(world.resources.deployments, findGroup(world, request).id).map(view) });
}

function readDeployment(world: World, request: Request): Answer {
  return ok(view(find(world, request)));
}

function checkDeployment(world: World, request: Request): Answer {
  return { status: world.resources.deployments.has(keyOf(idOf(world, request))) ? 204 : 404 };
}

/** The newest first, so that who deletes in this order takes the machine before what it stands on. */
function listOperations(world: World, request: Request): Answer {
  const { id, operations } = find(world, request);
  return ok({ value: operations.map((operation) => operationView(id, operation)).reverse() });
}

function validate(world: World, request: Request): Answer {
  const resources = resourcesOf(world, request);
  const made = newDeployment(world, request, resources);
  return ok({ ...view({ ...made, provisioningState: 'Succeeded' }) });
}

function write(world: World, request: Request, all: readonly Route[]): Answer {
  const resources = resourcesOf(world, request);
  const made = newDeployment(world, request, resources);
  const old = world.resources.deployments.get(keyOf(made.id));
  if (old && isActive(old)) throw stillActive(made.name);
  const accepted = view(made);
  world.resources.deployments.set(keyOf(made.id), made);
  return accept(world, request, {
    status: 201,
    location: '',
    operationPath: (id) => `${made.id}/operationStatuses/${id}`,
    body: accepted,
    work: (completion) => {
      made.provisioningState = 'Running';
      const deploying = new Deploying(world, all, request, made, (error) => {
        const failed = error ?? showOutputs(world, request, made, deploying);
        end(world, made, completion, failed);
      });
      deploying.run(resources);
    },
  });
}

/** Gives what is wrong with the outputs, if anything is. */
function showOutputs(world: World, request: Request, made: Deployment, deploying: Deploying): ArmError | undefined {
  const place = [request.params['subscription'] ?? '', findGroup(world, request)] as const;
  try {
    made.outputs = readOutputs(object(request.json['properties']), ...place, (name) =>
      deploying.read(made.resourceIds, name),
    );
    return undefined;
  } catch (error) {
    if (error instanceof ArmError) return error;
    throw error;
  }
}

function end(world: World, made: Deployment, completion: Completion, error?: ArmError): void {
  made.endedAt = world.clock.now();
  made.provisioningState = error ? 'Failed' : 'Succeeded';
  if (!error) completion.succeed();
  else {
    const failure = deploymentFailed(error);
    made.error = failure.envelope;
    completion.fail(failure);
  }
}

const deploymentFailed = (error: ArmError) =>
  new ArmError(
    409,
    'DeploymentFailed',
    'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/DeployOperations for usage details.',
    { details: [error.envelope] },
  );

function deleteDeployment(world: World, request: Request): Answer {
  const found = find(world, request);
  if (isActive(found)) throw stillActive(found.name);
  return acceptByLocation(
    world,
    request,
    briefWork(world, () => void world.resources.deployments.delete(keyOf(found.id))),
  );
}

/** Evaluated before anything is made, so that a broken template is a 400. */
function resourcesOf(world: World, request: Request): TemplateResource[] {
  const properties = object(request.json['properties']);
  if (!/^(incremental|complete)$/i.test(String(properties['mode']))) throw noMode();
  if ('templateLink' in properties || 'parametersLink' in properties)
    throw new ArmError(400, 'InvalidContentLink', 'The simulated Azure reads templates from the request only.');
  return readTemplate(properties, request.params['subscription'] ?? '', writableGroup(world, request));
}

/** The document requires it, and az writes it in lower case; the sentence is our memory of Azure's. */
const noMode = () =>
  new ArmError(
    400,
    'InvalidRequestContent',
    "The request content was invalid and could not be deserialized: 'Required property 'mode' not found in JSON. Path 'properties'.'.",
  );

function newDeployment(world: World, request: Request, resources: readonly TemplateResource[]): Deployment {
  const properties = object(request.json['properties']);
  return {
    id: idOf(world, request),
    name: request.params['name'] ?? '',
    correlationId: world.newId(),
    template: object(properties['template']),
    parameters: object(properties['parameters']),
    mode: /^complete$/i.test(String(properties['mode'])) ? 'Complete' : 'Incremental',
    resourceIds: resources.map(({ id }) => id),
    startedAt: world.clock.now(),
    provisioningState: 'Accepted',
    operations: [],
  };
}

const idOf = (world: World, request: Request) =>
  `${findGroup(world, request).id}/providers/Microsoft.Resources/deployments/${request.params['name']}`;

function find(world: World, request: Request): Deployment {
  const found = world.resources.deployments.get(keyOf(idOf(world, request)));
  if (found) return found;
  throw new ArmError(404, 'DeploymentNotFound', `Deployment '${request.params['name']}' could not be found.`);
}

const isActive = ({ provisioningState }: Deployment) =>
  provisioningState === 'Accepted' || provisioningState === 'Running';

const stillActive = (name: string) =>
  new ArmError(
    409,
    'DeploymentActive',
    `Unable to edit or replace deployment '${name}': previous deployment is still active.`,
  );
