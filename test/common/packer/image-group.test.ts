import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { imageGroupIn } from '../../../tasks/common/packer/image-group.ts';

describe('the resource group of the managed image', () => {
  const variables = [{ name: 'group', value: 'from-step' }];
  const cases = [
    {
      title: 'is read where JSON writes it out',
      kind: 'json',
      text: '{"managed_image_resource_group_name": "web"}',
      group: 'web',
    },
    {
      title: 'is read where HCL2 writes it out',
      kind: 'hcl2',
      text: '  managed_image_resource_group_name = "web"',
      group: 'web',
    },
    {
      title: 'is a variable of JSON that the step gives',
      kind: 'json',
      text: '{\n  "managed_image_resource_group_name": "{{user `group`}}"\n}',
      group: 'from-step',
    },
    {
      title: 'is a variable of HCL2 that the step gives',
      kind: 'hcl2',
      text: 'managed_image_resource_group_name = var.group',
      group: 'from-step',
    },
    {
      title: 'may be put in a text',
      kind: 'hcl2',
      text: `managed_image_resource_group_name = "\${var.group}"`,
      group: 'from-step',
    },
    {
      title: 'is not guessed from a default',
      kind: 'hcl2',
      text: 'managed_image_resource_group_name = var.other',
      group: undefined,
    },
    {
      title: 'is not guessed when it is computed',
      kind: 'hcl2',
      text: `managed_image_resource_group_name = "web-\${var.group}"`,
      group: undefined,
    },
    {
      title: 'is not guessed from a local',
      kind: 'hcl2',
      text: 'managed_image_resource_group_name = local.group',
      group: undefined,
    },
    {
      title: 'is not taken from a comment',
      kind: 'hcl2',
      text: '# managed_image_resource_group_name = "web"',
      group: undefined,
    },
    {
      title: 'is not chosen among several',
      kind: 'hcl2',
      text: 'managed_image_resource_group_name = "a"\nmanaged_image_resource_group_name = "b"',
      group: undefined,
    },
    {
      title: 'is the one that several builds share',
      kind: 'hcl2',
      text: 'managed_image_resource_group_name = "a"\nmanaged_image_resource_group_name = "a"',
      group: 'a',
    },
    { title: 'is not there for a build to a gallery alone', kind: 'json', text: '{}', group: undefined },
  ] as const;
  for (const { title, kind, text, group } of cases)
    it(title, () => assert.equal(imageGroupIn(text, kind, variables), group));

  for (const [file, kind] of [
    ['shop.json', 'json'],
    ['shop.pkr.hcl', 'hcl2'],
  ] as const)
    it(`is found in the example ${file}`, () => {
      const text = readFileSync(new URL(`../../../examples/image/${file}`, import.meta.url), 'utf8');
      assert.equal(imageGroupIn(text, kind, [{ name: 'resource_group', value: 'images' }]), 'images');
    });
});
