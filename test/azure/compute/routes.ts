import { group, type Route, subscription } from '../core/routes.ts';
import {
  deleteDefinition,
  getDefinition,
  listDefinitions,
  patchDefinition,
  putDefinition,
} from './galleries/definition.ts';
import { deleteGallery, getGallery, listGalleries, patchGallery, putGallery } from './galleries/gallery.ts';
import { deleteVersion, getVersion, listVersions, patchVersion, putVersion } from './galleries/version.ts';
import { deleteImage, getImage, listImages, patchImage, putImage } from './images/managed-image.ts';
import { deletion, manualUpgrade, powerActions, reimage, reimageAll } from './instances/actions.ts';
import { onInstance, onSet } from './instances/perform.ts';
import { getInstance, getInstanceView, listInstances } from './instances/read.ts';
import { putInstance } from './instances/write.ts';
import { listUsages } from './quota/usages.ts';
import { runCommandRoutes } from './run-commands/routes.ts';
import { setOrchestrationServiceState } from './scale-sets/orchestration.ts';
import {
  deleteScaleSet,
  getLatestRollingUpgrade,
  getScaleSet,
  getSetInstanceView,
  listInGroup,
  listInSubscription,
} from './scale-sets/read.ts';
import { patchScaleSet, putScaleSet } from './scale-sets/write.ts';

const rest = 'https://learn.microsoft.com/rest/api/compute';
const setPages = `${rest}/virtual-machine-scale-sets`;
const vmPages = `${rest}/virtual-machine-scale-set-vms`;
const runPages = `${rest}/virtual-machine-scale-set-vm-run-commands`;
const set = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets/:set`;
const instance = `${set}/virtualMachines/:instance`;

const compute = 'providers/Microsoft.Compute';
const gallery = `${group}/${compute}/galleries/:gallery`;
const definition = `${gallery}/images/:image`;
const version = `${definition}/versions/:version`;
const image = `${group}/${compute}/images/:image`;

const imageRoutes: readonly Route[] = [
  ['GET', `${subscription}/${compute}/galleries`, listGalleries, `${rest}/galleries/list`],
  ['GET', `${group}/${compute}/galleries`, listGalleries, `${rest}/galleries/list-by-resource-group`],
  ['GET', gallery, getGallery, `${rest}/galleries/get`],
  ['PUT', gallery, putGallery, `${rest}/galleries/create-or-update`],
  ['PATCH', gallery, patchGallery, `${rest}/galleries/update`],
  ['DELETE', gallery, deleteGallery, `${rest}/galleries/delete`],
  ['GET', `${gallery}/images`, listDefinitions, `${rest}/gallery-images/list-by-gallery`],
  ['GET', definition, getDefinition, `${rest}/gallery-images/get`],
  ['PUT', definition, putDefinition, `${rest}/gallery-images/create-or-update`],
  ['PATCH', definition, patchDefinition, `${rest}/gallery-images/update`],
  ['DELETE', definition, deleteDefinition, `${rest}/gallery-images/delete`],
  ['GET', `${definition}/versions`, listVersions, `${rest}/gallery-image-versions/list-by-gallery-image`],
  ['GET', version, getVersion, `${rest}/gallery-image-versions/get`],
  ['PUT', version, putVersion, `${rest}/gallery-image-versions/create-or-update`],
  ['PATCH', version, patchVersion, `${rest}/gallery-image-versions/update`],
  ['DELETE', version, deleteVersion, `${rest}/gallery-image-versions/delete`],
  ['GET', `${subscription}/${compute}/images`, listImages, `${rest}/images/list`],
  ['GET', `${group}/${compute}/images`, listImages, `${rest}/images/list-by-resource-group`],
  ['GET', image, getImage, `${rest}/images/get`],
  ['PUT', image, putImage, `${rest}/images/create-or-update`],
  ['PATCH', image, patchImage, `${rest}/images/update`],
  ['DELETE', image, deleteImage, `${rest}/images/delete`],
];

const scaleSetRoutes: readonly Route[] = [
  [
    'GET',
    `${subscription}/providers/Microsoft.Compute/virtualMachineScaleSets`,
    listInSubscription,
    `${setPages}/list-all`,
  ],
  ['GET', `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`, listInGroup, `${setPages}/list`],
  ['GET', set, getScaleSet, `${setPages}/get`],
  ['PUT', set, putScaleSet, `${setPages}/create-or-update`],
  ['PATCH', set, patchScaleSet, `${setPages}/update`],
  ['DELETE', set, deleteScaleSet, `${setPages}/delete`],
  ['GET', `${set}/instanceView`, getSetInstanceView, `${setPages}/get-instance-view`],
  [
    'GET',
    `${set}/rollingUpgrades/latest`,
    getLatestRollingUpgrade,
    `${rest}/virtual-machine-scale-set-rolling-upgrades/get-latest`,
  ],
  [
    'POST',
    `${set}/setOrchestrationServiceState`,
    setOrchestrationServiceState,
    `${setPages}/set-orchestration-service-state`,
  ],
  ['POST', `${set}/manualupgrade`, onSet(manualUpgrade), `${setPages}/update-instances`],
  ['POST', `${set}/delete`, onSet(deletion), `${setPages}/delete-instances`],
  ['POST', `${set}/reimage`, onSet(reimage), `${setPages}/reimage`],
  ['POST', `${set}/reimageall`, onSet(reimageAll), `${setPages}/reimage-all`],
  ['POST', `${set}/start`, onSet(powerActions.start), `${setPages}/start`],
  ['POST', `${set}/restart`, onSet(powerActions.restart), `${setPages}/restart`],
  ['POST', `${set}/poweroff`, onSet(powerActions.poweroff), `${setPages}/power-off`],
  ['POST', `${set}/deallocate`, onSet(powerActions.deallocate), `${setPages}/deallocate`],
];

const instanceRoutes: readonly Route[] = [
  ['GET', `${set}/virtualMachines`, listInstances, `${vmPages}/list`],
  ['GET', instance, getInstance, `${vmPages}/get`],
  ['PUT', instance, putInstance, `${vmPages}/update`],
  ['DELETE', instance, onInstance(deletion), `${vmPages}/delete`],
  ['GET', `${instance}/instanceView`, getInstanceView, `${vmPages}/get-instance-view`],
  ['POST', `${instance}/reimage`, onInstance(reimage), `${vmPages}/reimage`],
  ['POST', `${instance}/reimageall`, onInstance(reimageAll), `${vmPages}/reimage-all`],
  ['POST', `${instance}/start`, onInstance(powerActions.start), `${vmPages}/start`],
  ['POST', `${instance}/restart`, onInstance(powerActions.restart), `${vmPages}/restart`],
  ['POST', `${instance}/poweroff`, onInstance(powerActions.poweroff), `${vmPages}/power-off`],
  ['POST', `${instance}/deallocate`, onInstance(powerActions.deallocate), `${vmPages}/deallocate`],
];

/** All that Microsoft.Compute answers here, each with its REST page. */
export const routes: readonly Route[] = [
  ...imageRoutes,
  ...scaleSetRoutes,
  ...instanceRoutes,
  ...runCommandRoutes(instance, vmPages, runPages),
  ['GET', `${subscription}/${compute}/locations/:location/usages`, listUsages, `${rest}/usage/list`],
];
