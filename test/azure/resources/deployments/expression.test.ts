import assert from 'node:assert/strict';
import { evaluate, type Scope } from './expression.ts';

const group = { id: '/subscriptions/s/resourceGroups/g', name: 'g', location: 'koreacentral' };
const scope: Scope = {
  subscriptionId: 's',
  group,
  parameter: (name) => ({ name: 'vm', list: ['a', 'b'], it: "it's" })[name],
  variable: (name) => (name === 'nested' ? evaluate("[concat(parameters('name'), '-nic')]", scope) : undefined),
};

describe('Template expressions', () => {
  const cases: readonly (readonly [source: unknown, value: unknown])[] = [
    ['plain text', 'plain text'],
    ['[[literal]', '[literal]'],
    ["[parameters('name')]", 'vm'],
    ["[parameters('list')[1]]", 'b'],
    ["[variables('nested')]", 'vm-nic'],
    ["[concat('it''s ', parameters('name'), 7)]", "it's vm7"],
    ["[concat(parameters('list'), parameters('list'))]", ['a', 'b', 'a', 'b']],
    ['[resourceGroup().location]', 'koreacentral'],
    ['[ toUpper( resourceGroup().name ) ]', 'G'],
    [
      "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'n', 'x')]",
      `${group.id}/providers/Microsoft.Network/virtualNetworks/n/subnets/x`,
    ],
    [
      "[resourceId('other', 'Microsoft.Compute/images', 'i')]",
      '/subscriptions/s/resourceGroups/other/providers/Microsoft.Compute/images/i',
    ],
    [
      "[resourceId('t', 'other', 'Microsoft.Compute/images', 'i')]",
      '/subscriptions/t/resourceGroups/other/providers/Microsoft.Compute/images/i',
    ],
    [{ a: ["[parameters('name')]", 1, true, null] }, { a: ['vm', 1, true, null] }],
  ];
  for (const [source, value] of cases)
    it(`reads ${JSON.stringify(source)}`, () => assert.deepEqual(evaluate(source, scope), value));

  const wrong: readonly (readonly [source: string, says: RegExp])[] = [
    ["[uniqueString('a')]", /function 'uniqueString' is not known/],
    ["[concat('a']", /Unable to parse/],
    ["[concat('a') b]", /Unable to parse/],
    ['[#]', /Unable to parse/],
    ['[resourceGroup().nothing]', /property 'nothing' doesn't exist/],
    ["[reference('x')]", /in outputs only/],
  ];
  for (const [source, says] of wrong) it(`refuses ${source}`, () => assert.throws(() => evaluate(source, scope), says));
});
