import { type Answer, type Json, noContent, type Request } from '../../core/http.ts';
import { accept } from '../../core/operations.ts';
import { later, type World } from '../../core/world.ts';
import { operationPathOf } from '../../resources/operations.ts';
import type { Gallery } from '../state.ts';

/**
 * Galleries and all that is in them have operations of their own: so the recordings of Azure CLI's tests show, and the
 * built-in role of gallery publishers has the right to read them (README.md).
 */
export const capsOperation = (request: Request, location: string) => ({
  location,
  operationPath: operationPathOf(request, 'Microsoft.Compute', location, 'capsOperations'),
});

/** A gallery or a definition shows `Creating` or `Updating` until its operation has ended. */
export function writeLater(
  world: World,
  request: Request,
  resource: Gallery,
  state: 'Creating' | 'Updating',
  bodyOf: () => Json,
): Answer {
  resource.state = state;
  return accept(world, request, {
    status: state === 'Creating' ? 201 : 200,
    ...capsOperation(request, resource.location),
    body: bodyOf(),
    work: (completion) =>
      later(world, world.settings.instanceWriteMs, () => {
        if (resource.state === state) resource.state = undefined;
        completion.succeed(bodyOf());
      }),
  });
}

export function deleteLater(world: World, request: Request, map: Map<string, Gallery>, key: string): Answer {
  const resource = map.get(key);
  if (!resource) return noContent();
  resource.state = 'Deleting';
  return accept(world, request, {
    status: 202,
    ...capsOperation(request, resource.location),
    work: (completion) =>
      later(world, world.settings.instanceWriteMs, () => {
        map.delete(key);
        completion.succeed();
      }),
  });
}
