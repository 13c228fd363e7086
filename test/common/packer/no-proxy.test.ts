import assert from 'node:assert/strict';
import { noProxy } from '../../../tasks/common/packer/no-proxy.ts';

describe('noProxy', () => {
  const told = [
    ['github\\.com', 'github.com'],
    ['^https://management\\.azure\\.com$', 'management.azure.com'],
    ['^https?:\\/\\/.*\\.corp\\.example$', '.corp.example'],
    ['.*corp.example', 'corp.example'],
    ['localhost', 'localhost'],
    ['10\\.0\\.0\\.4', '10.0.0.4'],
  ];
  for (const [expression = '', host] of told)
    it(`says ${expression} as ${host}`, () => assert.deepEqual(noProxy([expression]), { hosts: [host], untold: [] }));

  for (const expression of ['10\\..*', '(a|b)\\.corp', 'web[0-9]+', '.*', ''])
    it(`has no words for "${expression}"`, () =>
      assert.deepEqual(noProxy([expression]), { hosts: [], untold: [expression] }));
});
