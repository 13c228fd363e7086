import { addGalleryVersion, addGroup, addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import { openStage, type Stage } from '../../azure/compute/support.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { text } from '../../azure/core/json.ts';
import type { World } from '../../azure/core/world.ts';
import type { Example } from './examples.ts';

/** Where nearly all examples live. */
const location = 'westus';

/** A world in which everything is there that the example speaks of, but for what it makes itself. */
export function stageFor(example: Example): Stage {
  const stage = openStage({ rateLimits: false });
  const { operation, parameters } = example;
  const named = (name: string) => text(parameters[name]);
  const group = named('resourceGroupName') ?? 'images';
  const makes = (kind: string) => operation.id === `${kind}_CreateOrUpdate`;

  addGroup(stage.world, group, location);
  const image = addGallery(stage.world, example, group);
  const set = named('vmScaleSetName') ?? named('virtualMachineScaleSetName');
  if (set !== undefined && !makes('VirtualMachineScaleSets'))
    addScaleSet(stage.world, { name: set, group, location, image, capacity: 2, automaticRepairs: true });
  const managed = named('imageName');
  if (managed !== undefined && !makes('Images')) addManagedImage(stage.world, group, managed);
  addSources(stage.world, JSON.stringify(parameters));
  const command = named('runCommandName');
  if (set !== undefined && command !== undefined && !makes('VirtualMachineScaleSetVMRunCommands'))
    addRunCommand(stage, `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${set}`, command);
  return stage;
}

/** The example's gallery, as far as it does not make or delete it; gives the id of an image in it. */
function addGallery(world: World, { operation, parameters }: Example, group: string): string {
  const makesVersion = operation.id === 'GalleryImageVersions_CreateOrUpdate';
  const { id } = addGalleryVersion(world, {
    group,
    gallery: text(parameters['galleryName']) ?? 'gallery',
    definition: text(parameters['galleryImageName']) ?? 'web',
    version: makesVersion ? '0.0.1' : (text(parameters['galleryImageVersionName']) ?? '1.0.0'),
    regions: [location],
  });
  if (/^GalleryImages_(CreateOrUpdate|Delete)$/.test(operation.id)) world.compute.versions.clear();
  if (operation.id === 'GalleryImages_CreateOrUpdate') world.compute.definitions.clear();
  return id;
}

/** Images and gallery images whose ids stand somewhere in the request. */
function addSources(world: World, request: string): void {
  const id =
    /resourceGroups\/([^/"]+)\/providers\/Microsoft\.Compute\/(images|galleries)\/([^/"]+)(?:\/images\/([^/"]+))?/gi;
  for (const [, group = '', kind = '', name = '', definition] of request.matchAll(id)) {
    addGroup(world, group, location);
    if (kind.toLowerCase() === 'images') addManagedImage(world, group, name);
    else if (definition !== undefined)
      addGalleryVersion(world, { group, gallery: name, definition, version: '1.2.3', regions: [location] });
  }
}

function addManagedImage(world: World, group: string, name: string): void {
  const compute = `/subscriptions/${testSubscription}/resourceGroups/${group}/providers/Microsoft.Compute`;
  world.compute.images.set(keyOf(`${compute}/images/${name}`), {
    id: `${compute}/images/${name}`,
    name,
    location,
    tags: {},
    properties: {},
    provisioningState: 'Succeeded',
    osType: 'Linux',
    hyperVGeneration: 'V2',
    sourceId: `${compute}/virtualMachines/source`,
    disk: { content: name },
  });
}

function addRunCommand(stage: Stage, set: string, command: string): void {
  stage.call('PUT', `resourceGroups/${set}/virtualMachines/0/runCommands/${command}`, {
    location,
    properties: { source: { script: 'true' } },
  });
}
