import type { RolloutRecord } from '../../tasks/common/record/record.ts';

interface Golden {
  readonly title: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly record: RolloutRecord;
}

const gallery =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/images/providers/Microsoft.Compute/galleries/shop/images/web/versions';
const longGallery = `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/${'r'.repeat(90)}/providers/Microsoft.Compute/galleries/${'g'.repeat(80)}/images/${'i'.repeat(80)}/versions`;

const owner = {
  run: 'https://dev.azure.com/contoso/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/build/4711',
  attempt: '1.2',
  name: '20261122.3',
  url: 'https://dev.azure.com/contoso/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/_build/results?buildId=4711',
  token: '0f0f0f0f-1111-4222-8333-444444444444',
  expires: Date.UTC(2026, 10, 22, 16, 15),
};

const ownerTags = {
  'phoenix-owner-run': 'https://dev.azure.com/contoso/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/build/4711',
  'phoenix-owner-attempt': '1.2',
  'phoenix-owner-name': '20261122.3',
  'phoenix-owner-url': 'https://dev.azure.com/contoso/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/_build/results?buildId=4711',
  'phoenix-owner-token': '0f0f0f0f-1111-4222-8333-444444444444',
  'phoenix-owner-expires': '2026-11-22T16:15:00.000Z',
};

const oldest = {
  'phoenix-schema': '1',
  'phoenix-rollout': '0f1e2d3c-0000-4000-8000-000000000000',
  'phoenix-state': 'waiting',
  'phoenix-target': `${gallery}/2.0.0`,
  'phoenix-stable': `${gallery}/1.0.0`,
  'phoenix-stage': '10%',
  'phoenix-wanted': '2',
  ...ownerTags,
};

const oldestRecord: RolloutRecord = {
  rolloutId: '0f1e2d3c-0000-4000-8000-000000000000',
  state: 'waiting',
  target: `${gallery}/2.0.0`,
  stable: `${gallery}/1.0.0`,
  stage: '10%',
  wanted: 2,
  sick: [],
  owner,
};

const { 'phoenix-owner-name': _name, 'phoenix-owner-url': _url, ...nameless } = oldest;

/**
 * Tags as versions of the task have written them, letter by letter: fleets stand with them, so each must read for ever.
 * A change of the codec adds rows here and alters none.
 */
export const goldenRecords: readonly Golden[] = [
  { title: 'schema 1, the least that there is', tags: oldest, record: oldestRecord },
  {
    title: 'schema 1, of a run without a name and a page',
    tags: nameless,
    record: { ...oldestRecord, owner: { ...owner, name: '', url: '' } },
  },
  {
    title: 'schema 1, with nodes that were sick before',
    tags: { ...oldest, 'phoenix-sick': '3-5,11' },
    record: { ...oldestRecord, sick: ['3', '4', '5', '11'] },
  },
  {
    title: 'schema 1, whole, with the image before',
    tags: {
      ...oldest,
      'phoenix-state': 'whole',
      'phoenix-stable': `${gallery}/2.0.0`,
      'phoenix-previous': `${gallery}/1.0.0`,
      'phoenix-stage': '100%',
      'phoenix-wanted': 'all',
    },
    record: {
      ...oldestRecord,
      state: 'whole',
      stable: `${gallery}/2.0.0`,
      previous: `${gallery}/1.0.0`,
      stage: '100%',
      wanted: 'all',
    },
  },
  {
    title: 'schema 1, with chosen nodes',
    tags: { ...oldest, 'phoenix-stage': 'ids:1,4-5', 'phoenix-wanted': '3', 'phoenix-chosen': '1,4-5' },
    record: { ...oldestRecord, stage: 'ids:1,4-5', wanted: 3, chosen: ['1', '4', '5'] },
  },
  {
    title: 'schema 1, killed between two checkpoints',
    tags: { ...oldest, 'phoenix-state': 'rolling', 'phoenix-checkpoints': '1,2', 'phoenix-passed': '1' },
    record: { ...oldestRecord, state: 'rolling', checkpoints: [1, 2], passed: 1 },
  },
  {
    title: 'schema 1, with ids that are longer than a value may be',
    tags: {
      ...oldest,
      'phoenix-target': `${longGallery}/2.0.0`.slice(0, 256),
      'phoenix-target.2': `${longGallery}/2.0.0`.slice(256),
    },
    record: { ...oldestRecord, target: `${longGallery}/2.0.0` },
  },
  ...(['rolling', 'halted', 'stopped', 'rollingBack', 'rolledBack'] as const).map(
    (state): Golden => ({
      title: `schema 1, ${state}`,
      tags: { ...oldest, 'phoenix-state': state },
      record: { ...oldestRecord, state },
    }),
  ),
  {
    title: 'schema 2, with the rest of the model',
    tags: {
      ...oldest,
      'phoenix-schema': '2',
      'phoenix-model': '24.1.0 size=1a2b3c4d osProfile=00ff00ff',
    },
    record: { ...oldestRecord, model: { by: '24.1.0', parts: { size: '1a2b3c4d', osProfile: '00ff00ff' } } },
  },
  {
    title: 'schema 2, waiting on the new image',
    tags: { ...oldest, 'phoenix-schema': '2', 'phoenix-scaleout': 'new' },
    record: { ...oldestRecord, scaleOut: 'new' },
  },
  {
    title: 'schema 2, with everything paused that can be',
    tags: {
      ...oldest,
      'phoenix-schema': '2',
      'phoenix-state': 'rolling',
      'phoenix-paused-repairs': 'running',
      'phoenix-paused-autoscale': 'shop-autoscale',
      'phoenix-former-mode': 'Rolling',
      'phoenix-former-os-upgrades': 'on',
    },
    record: {
      ...oldestRecord,
      state: 'rolling',
      paused: { repairs: true, autoscale: 'shop-autoscale', upgradeMode: 'Rolling', osUpgrades: true },
    },
  },
  {
    title: 'schema 2, with protection that may be lifted',
    tags: {
      ...oldest,
      'phoenix-schema': '2',
      'phoenix-state': 'rolling',
      'phoenix-lifted-protection': '0,4-6',
    },
    record: { ...oldestRecord, state: 'rolling', paused: { protection: ['0', '4', '5', '6'] } },
  },
  {
    title: 'schema 2, to be taken back',
    tags: { ...oldest, 'phoenix-schema': '2', 'phoenix-state': 'backPending' },
    record: { ...oldestRecord, state: 'backPending' },
  },
];
