import { testSubscription } from '../../azure/compute/builders.ts';
import { keyOf } from '../../azure/core/ids.ts';
import { addImage } from '../../PublishGalleryVersion/publish-request.ts';
import type { BadCase } from '../support/case.ts';

const compute = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute`;
const definition = `${compute}/galleries/gallery/images/web`;

const upgrade = 'UpgradeScaleSetNodes';
const publish = 'PublishGalleryVersion';
const rollback = 'RollbackScaleSet';

/** Things that are there and do not fit. */
const misfits: readonly BadCase[] = [
  {
    task: upgrade,
    bad: 'a version in another region',
    inputs: { imageVersionId: `${definition}/versions/4.0.0` },
    input: 'imageVersionId',
    code: 'ImageVersionNotInRegion',
    says: /^Input "imageVersionId" is ".*\/4\.0\.0", which is not replicated to koreacentral, where the scale set is$/,
    hint: /targetRegions/,
  },
  {
    task: rollback,
    bad: 'a version in another region',
    inputs: { to: `${definition}/versions/4.0.0` },
    input: 'to',
    code: 'ImageVersionNotInRegion',
    says: /^Input "to" is ".*\/4\.0\.0", which is not replicated to koreacentral/,
  },
  {
    task: upgrade,
    bad: 'an image of another system',
    inputs: { imageVersionId: `${definition}/versions/2.0.0` },
    input: 'imageVersionId',
    prepare({ world }) {
      const found = world.compute.definitions.get(keyOf(definition));
      if (found) found.properties = { ...found.properties, osType: 'Windows' };
    },
    code: 'ImageOsMismatch',
    says: /^Input "imageVersionId" is ".*\/2\.0\.0", which is a Windows image, but the scale set runs Linux$/,
  },
  {
    task: publish,
    bad: 'a source of another system',
    prepare: ({ world }) => void addImage(world, 'web-1', { osType: 'Windows' }),
    code: 'SourceDoesNotFit',
    says: 'The source does not fit gallery/web: operating system is Windows in the source and Linux in the definition',
  },
  {
    task: publish,
    bad: 'a source of another generation',
    prepare: ({ world }) => void addImage(world, 'web-1', { hyperVGeneration: 'V1' }),
    code: 'SourceDoesNotFit',
    says: /Hyper-V generation is V1 in the source and V2 in the definition/,
  },
  {
    task: publish,
    bad: 'a source that is still being made',
    prepare: ({ world }) => void addImage(world, 'web-1', { provisioningState: 'Creating' }),
    code: 'SourceNotReady',
    says: /images\/web-1 is Creating, not Succeeded$/,
    hint: /Wait/,
  },
  {
    task: publish,
    bad: 'a number that another source has',
    inputs: { imageVersion: '2.0.0' },
    input: 'imageVersion',
    code: 'VersionTaken',
    says: /versions\/2\.0\.0 exists and was made of .*, not of .*web-1$/,
    hint: /new number/,
  },
  {
    task: publish,
    bad: 'a version made of itself',
    inputs: { imageVersion: '2.0.0', sourceImageId: `${definition}/versions/2.0.0/` },
    input: 'sourceImageId',
    hides: true,
    code: 'ContradictoryInputs',
    says: `Input "sourceImageId" is "${definition}/versions/2.0.0", the very version that is to be published`,
  },
  ...(['Failed', 'Deleting'] as const).map(
    (state): BadCase => ({
      task: publish,
      bad: `a number whose version is ${state}`,
      inputs: { imageVersion: '2.0.0', sourceImageId: `${compute}/images/web-2.0.0` },
      input: 'imageVersion',
      prepare({ world, ids }) {
        addImage(world, 'web-2.0.0');
        const version = world.compute.versions.get(keyOf(ids.v2));
        if (version) version.provisioningState = state;
      },
      code: 'VersionBroken',
      says: new RegExp(`versions/2\\.0\\.0 exists and is ${state}$`),
    }),
  ),
];

/** Versions that are there and of no use. */
const halfDone = (['Creating', 'Deleting', 'Failed'] as const).map(
  (state): BadCase => ({
    task: state === 'Failed' ? rollback : upgrade,
    bad: `a version that is ${state}`,
    inputs: { [state === 'Failed' ? 'to' : 'imageVersionId']: `${definition}/versions/2.0.0` },
    input: state === 'Failed' ? 'to' : 'imageVersionId',
    prepare({ world, ids }) {
      const version = world.compute.versions.get(keyOf(ids.v2));
      if (version) version.provisioningState = state;
    },
    code: 'ImageVersionNotReady',
    says: new RegExp(
      `^Input "(imageVersionId|to)" is ".*/2\\.0\\.0", which is ${state}: no node could be made of it now$`,
    ),
  }),
);

export const cases: readonly BadCase[] = [...misfits, ...halfDone];
