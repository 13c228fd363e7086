import { ArmError } from '../../core/arm-errors.ts';
import { callRoute } from '../../core/call-route.ts';
import type { Answer, Json, Request } from '../../core/http.ts';
import { object } from '../../core/json.ts';
import type { Route } from '../../core/routes.ts';
import { later, type World } from '../../core/world.ts';
import type { Deployment } from '../state.ts';
import type { TemplateResource } from './template.ts';

/** Sends each resource to its provider, one after the other, as a client would with PUT. */
export class Deploying {
  readonly #world: World;
  readonly #routes: readonly Route[];
  readonly #request: Request;
  readonly #deployment: Deployment;
  readonly #done: (error?: ArmError) => void;

  constructor(
    world: World,
    routes: readonly Route[],
    request: Request,
    deployment: Deployment,
    done: (error?: ArmError) => void,
  ) {
    this.#world = world;
    this.#routes = routes;
    this.#request = request;
    this.#deployment = deployment;
    this.#done = done;
  }

  run([resource, ...rest]: readonly TemplateResource[]): void {
    if (!resource) {
      this.#done();
      return;
    }
    this.#put(resource, (error) => {
      this.#note(resource, error);
      if (error) this.#done(error);
      else later(this.#world, 0, () => this.run(rest));
    });
  }

  /** `reference('name')`: the properties of what has been made under this name or id. */
  read(made: readonly string[], idOrName: string): unknown {
    const id = idOrName.startsWith('/') ? idOrName : made.find((known) => known.split('/').at(-1) === idOrName);
    const answer = id === undefined ? undefined : this.#call('GET', id, this.#request.apiVersion, {});
    if (answer?.status === 200) return object(answer.body)['properties'];
    throw new ArmError(404, 'ResourceNotFound', `The Resource '${idOrName}' that an output refers to was not found.`);
  }

  #put(resource: TemplateResource, done: (error?: ArmError) => void): void {
    try {
      this.#whenEnded(this.#send(resource), done);
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      done(error);
    }
  }

  #send({ id, apiVersion, body }: TemplateResource): Answer {
    return this.#call('PUT', id, apiVersion, body);
  }

  #call(method: string, id: string, apiVersion: string, json: Json): Answer {
    const answer = callRoute(this.#world, this.#routes, this.#request, { method, path: id, apiVersion, json });
    if (answer) return answer;
    throw new ArmError(400, 'InvalidResourceType', `The simulated Azure can't deploy ${id}.`);
  }

  /** The operation behind the answer is found by the id at the end of its URL. */
  #whenEnded(answer: Answer, done: (error?: ArmError) => void): void {
    const url = answer.headers?.['Azure-AsyncOperation'];
    const operation =
      url === undefined ? undefined : this.#world.operations.get(new URL(url).pathname.split('/').at(-1) ?? '');
    const end = () => done(operation?.error && new ArmError(409, operation.error.code, operation.error.message));
    if (operation?.status === 'InProgress') operation.whenEnded.push(end);
    else end();
  }

  #note(resource: TemplateResource, error?: ArmError): void {
    this.#deployment.operations.push({
      operationId: this.#world.newId().replaceAll('-', '').slice(0, 16).toUpperCase(),
      target: { id: resource.id, resourceType: resource.type, resourceName: resource.name },
      provisioningState: error ? 'Failed' : 'Succeeded',
      timestamp: this.#world.clock.now(),
      ...(error && { error: error.envelope }),
    });
  }
}
