import { addGalleryVersion, addGroup, addScaleSet, testSubscription } from '../../azure/compute/builders.ts';
import { addManagedImage } from '../../azure/compute/images/builders.ts';
import { openStage, type Stage } from '../../azure/compute/support.ts';
import type { Json } from '../../azure/core/http.ts';
import { at, object, text } from '../../azure/core/json.ts';
import type { World } from '../../azure/core/world.ts';
import { addVirtualMachine } from '../../azure/resources/virtual-machines/builder.ts';
import type { Example } from './examples.ts';
import { addSources } from './sources.ts';

/** Where nearly all examples live. */
const location = 'westus';

const computeOf = (group: string) =>
  `/subscriptions/${testSubscription}/resourceGroups/${group}/providers/Microsoft.Compute`;

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
  if (managed !== undefined && !makes('Images'))
    addManagedImage(stage.world, `${computeOf(group)}/images/${managed}`, { location });
  addSources(stage.world, JSON.stringify(parameters), location);
  const machine = named('vmName');
  if (machine !== undefined) addVirtualMachine(stage.world, { name: machine, group, location, image });
  const command = named('runCommandName');
  const owner = set === undefined ? `virtualMachines/${machine}` : `virtualMachineScaleSets/${set}/virtualMachines/0`;
  if (command !== undefined && !/RunCommands_CreateOrUpdate$/.test(operation.id))
    addRunCommand(stage, `${group}/providers/Microsoft.Compute/${owner}`, command);
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
  if (operation.id === 'GalleryImages_Update') likeExample(world, parameters);
  return id;
}

/** A definition that is what an update of it says, but for what the update changes. */
function likeExample(world: World, parameters: Json): void {
  const [definition] = world.compute.definitions.values();
  const { features: _, allowUpdateImage: _allow, ...nature } = object(at(parameters, 'galleryImage', 'properties'));
  if (definition) definition.properties = { ...definition.properties, ...nature };
}

function addRunCommand(stage: Stage, machine: string, command: string): void {
  stage.call('PUT', `resourceGroups/${machine}/runCommands/${command}`, {
    location,
    properties: { source: { script: 'true' } },
  });
}
