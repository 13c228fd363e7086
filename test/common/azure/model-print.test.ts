import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { VirtualMachineScaleSet } from '@azure/arm-compute';
import { printedBy, printOf } from '../../../tasks/common/azure/model-print.ts';
import { partsThatDiffer } from '../../../tasks/common/record/record.ts';

type Profile = NonNullable<VirtualMachineScaleSet['virtualMachineProfile']>;

const profile: Profile = {
  storageProfile: {
    imageReference: { id: '/galleries/g/images/web/versions/1.0.0' },
    osDisk: { createOption: 'FromImage', osType: 'Linux', diskSizeGB: 30, caching: 'ReadWrite' },
  },
  osProfile: { computerNamePrefix: 'web', adminUsername: 'azureuser' },
  extensionProfile: { extensions: [{ name: 'health', publisher: 'p', settings: { port: 80, path: '/' } }] },
};

const print = (changes: Partial<Profile> = {}, size = 'Standard_D2s_v5') =>
  printOf({ sku: { name: size, capacity: 4 }, virtualMachineProfile: { ...profile, ...changes } });

const differs = (changes: Partial<Profile>, size?: string) => partsThatDiffer(print(), print(changes, size));

describe('the print of a model', () => {
  const same: readonly (readonly [string, Partial<Profile>, string?])[] = [
    ['another image', { storageProfile: { ...profile.storageProfile, imageReference: { id: '/other' } } }],
    [
      'what Azure takes from the image',
      {
        storageProfile: {
          ...profile.storageProfile,
          osDisk: { createOption: 'FromImage', osType: 'Windows', diskSizeGB: 64, caching: 'ReadWrite' },
        },
      },
    ],
    ['the time of the profile', { timeCreated: new Date(0) }],
    ['another order of members', { osProfile: { adminUsername: 'azureuser', computerNamePrefix: 'web' } }],
    ['the case of the size', {}, 'STANDARD_D2S_V5'],
  ];
  for (const [what, changes, size] of same)
    it(`is not changed by ${what}`, () => assert.deepEqual(differs(changes, size), []));

  const others: readonly (readonly [string, Partial<Profile>, readonly string[], string?])[] = [
    ['another size', {}, ['size'], 'Standard_D4s_v5'],
    ['another administrator', { osProfile: { computerNamePrefix: 'web', adminUsername: 'root' } }, ['osProfile']],
    ['an extension that is gone', { extensionProfile: { extensions: [] } }, ['extensionProfile']],
    ['a licence', { licenseType: 'RHEL_BYOS' }, ['licenseType']],
    [
      'another cache',
      {
        storageProfile: {
          ...profile.storageProfile,
          osDisk: { createOption: 'FromImage', osType: 'Linux', diskSizeGB: 30, caching: 'None' },
        },
      },
      ['storageProfile'],
    ],
  ];
  for (const [what, changes, parts, size] of others)
    it(`tells ${what}`, () => assert.deepEqual(differs(changes, size), parts));

  it('fits into one tag for a usual set', () =>
    assert.ok(Object.entries(print().parts).every(([, part]) => /^[0-9a-f]{8}$/.test(part))));

  it('is compared with prints of the same library only', () => {
    assert.deepEqual(partsThatDiffer({ ...print({}, 'Standard_D4s_v5'), by: '23.0.0' }, print()), []);
    const library = readFileSync('node_modules/@azure/arm-compute/package.json', 'utf8');
    assert.equal((JSON.parse(library) as { version: string }).version, printedBy);
  });
});
