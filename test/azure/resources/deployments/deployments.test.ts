import assert from 'node:assert/strict';
import { type Bench, codeOf, messageOf, openBench } from '../../support.ts';
import { machineBody } from '../support.ts';

const path = '/resourceGroups/build/providers/Microsoft.Resources/deployments/d1';
const location = '[resourceGroup().location]';

describe('Template deployments', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench({}, { bootMs: 30_000 });
    bench.arm('PUT /resourceGroups/build', { location: 'koreacentral' });
  });
  afterEach(() => bench.close());

  const deploy = (template: object, parameters: object = {}) =>
    bench.finish(`PUT ${path}`, { properties: { mode: 'Incremental', template, parameters } });
  const shown = () => (bench.arm(`GET ${path}`).body as { properties: Record<string, unknown> }).properties;

  it('make their resources in the order of their dependencies, whatever the order in the template', () => {
    assert.equal(deploy(wholeTemplate(), { password: { value: 'Secret-1' } }).status, 'Succeeded');
    const { value } = bench.arm('GET /resourceGroups/build/deployments/d1/operations').body as { value: Operation[] };
    assert.deepEqual(
      value.map(({ properties }) => properties.targetResource.resourceName),
      ['vm', 'nic', 'net'],
    );
    assert.equal([...bench.world.resources.virtualMachines.values()][0]?.power, 'running');
  });

  it('last as long as what they make', () => {
    const accepted = bench.arm(`PUT ${path}`, {
      properties: { mode: 'Incremental', template: wholeTemplate(), parameters: { password: { value: 'x' } } },
    });
    assert.equal(accepted.status, 201);
    assert.match(accepted.headers?.['Azure-AsyncOperation'] ?? '', /\/deployments\/d1\/operationStatuses\//);
    bench.pass(25_000);
    assert.equal(shown()['provisioningState'], 'Running');
    bench.pass(10_000);
    assert.equal(shown()['provisioningState'], 'Succeeded');
  });

  it('show their mode as Azure spells it, however it was written', () => {
    const parameters = { password: { value: 'x' } };
    bench.arm(`PUT ${path}`, { properties: { mode: 'incremental', template: wholeTemplate(), parameters } });
    assert.equal(shown()['mode'], 'Incremental');
  });

  it('need a mode', () => {
    const answer = bench.arm(`PUT ${path}`, { properties: { template: wholeTemplate() } });
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidRequestContent']);
  });

  it('show the type of a secure parameter and never its value', () => {
    deploy(wholeTemplate(), { password: { value: 'Secret-1' } });
    assert.deepEqual(shown()['parameters'], {
      password: { type: 'secureString' },
      size: { type: 'string', value: 'Standard_B2s' },
    });
    const machine = bench.arm('GET /resourceGroups/build/providers/Microsoft.Compute/virtualMachines/vm');
    assert.doesNotMatch(JSON.stringify([shown(), machine.body]), /Secret-1/);
  });

  it('fail with the error of the resource that failed, and make nothing after it', () => {
    const template = wholeTemplate();
    const nic = template.resources.find(({ name }) => name === 'nic');
    Object.assign(nic ?? {}, {
      properties: {
        ipConfigurations: [
          {
            name: 'main',
            properties: { subnet: { id: "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 'gone')]" } },
          },
        ],
      },
    });
    const { status, error } = deploy(template, { password: { value: 'x' } });
    assert.deepEqual(
      [status, error?.code, error?.details?.[0]?.code],
      ['Failed', 'DeploymentFailed', 'InvalidResourceReference'],
    );
    assert.equal(bench.world.resources.virtualMachines.size, 0);
    assert.equal(shown()['provisioningState'], 'Failed');
  });

  it('fail when a machine does not come up', () => {
    bench.close();
    bench = openBench({}, { behaviour: () => 'breaks' });
    bench.arm('PUT /resourceGroups/build', { location: 'koreacentral' });
    assert.equal(deploy(wholeTemplate(), { password: { value: 'x' } }).status, 'Failed');
  });

  it('give outputs that refer to what they have made', () => {
    const net = wholeTemplate().resources.filter(({ name }) => name === 'net');
    const outputs = { net: { type: 'object', value: "[reference('net')]" } };
    deploy({ resources: net, outputs });
    const output = shown()['outputs'] as { net: { value: { subnets: { name: string }[] } } };
    assert.equal(output.net.value.subnets[0]?.name, 'nodes');
  });

  const broken: readonly (readonly [what: string, template: object, parameters: object, says: RegExp])[] = [
    ['a missing parameter', wholeTemplate(), {}, /'password' is not provided/],
    ['a parameter too many', wholeTemplate(), { password: { value: 'x' }, more: { value: 1 } }, /'more' are not valid/],
    ['a circle', circle(), {}, /Circular dependency/],
    ['no resources', {}, {}, /no resources/],
    ['a copy loop', { resources: [{ type: 'A/b', name: 'x', copy: {} }] }, {}, /copy/],
  ];
  for (const [what, template, parameters, says] of broken)
    it(`are refused for ${what} before anything is made, by validation too`, () => {
      const body = { properties: { mode: 'Incremental', template, parameters } };
      for (const answer of [bench.arm(`POST ${path}/validate`, body), bench.arm(`PUT ${path}`, body)]) {
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidTemplate']);
        assert.match(messageOf(answer), says);
      }
      assert.equal(bench.world.resources.deployments.size, 0);
    });

  it('can be neither replaced nor deleted while they run', () => {
    const body = {
      properties: { mode: 'Incremental', template: wholeTemplate(), parameters: { password: { value: 'x' } } },
    };
    bench.arm(`PUT ${path}`, body);
    for (const answer of [bench.arm(`PUT ${path}`, body), bench.arm(`DELETE ${path}`)])
      assert.deepEqual([answer.status, codeOf(answer)], [409, 'DeploymentActive']);
  });

  it('can be deleted, and what they made stays', () => {
    deploy(wholeTemplate(), { password: { value: 'x' } });
    assert.equal(bench.arm(`DELETE ${path}`).status, 202);
    bench.pass(5000);
    assert.equal(codeOf(bench.arm(`GET ${path}`)), 'DeploymentNotFound');
    assert.equal(bench.world.resources.virtualMachines.size, 1);
  });
});

interface Operation {
  readonly properties: { readonly targetResource: { readonly resourceName: string } };
}

/** A machine, its interface, its network: written backwards. */
function wholeTemplate() {
  const { properties } = machineBody("[resourceId('Microsoft.Network/networkInterfaces', variables('nic'))]");
  const subnet = { id: "[concat(resourceId('Microsoft.Network/virtualNetworks', 'net'), '/subnets/nodes')]" };
  return {
    parameters: { password: { type: 'secureString' }, size: { type: 'string', defaultValue: 'Standard_B2s' } },
    variables: { nic: "[concat('n', 'ic')]" },
    resources: [
      {
        type: 'Microsoft.Compute/virtualMachines',
        name: 'vm',
        apiVersion: '2018-04-01',
        location,
        dependsOn: ["[concat('Microsoft.Network/networkInterfaces/', variables('nic'))]"],
        properties: {
          ...properties,
          hardwareProfile: { vmSize: "[parameters('size')]" },
          osProfile: { ...properties.osProfile, adminPassword: "[parameters('password')]" },
        },
      },
      {
        type: 'Microsoft.Network/networkInterfaces',
        name: 'nic',
        apiVersion: '2018-01-01',
        location,
        dependsOn: ["[resourceId('Microsoft.Network/virtualNetworks', 'net')]"],
        properties: { ipConfigurations: [{ name: 'main', properties: { subnet } }] },
      },
      {
        type: 'Microsoft.Network/virtualNetworks',
        name: 'net',
        apiVersion: '2018-01-01',
        location,
        dependsOn: [],
        properties: { subnets: [{ name: 'nodes', properties: { addressPrefix: '10.0.0.0/24' } }] },
      },
    ],
  };
}

function circle() {
  const one = (name: string, other: string) => ({
    type: 'Microsoft.Network/virtualNetworks',
    name,
    dependsOn: [`Microsoft.Network/virtualNetworks/${other}`],
  });
  return { resources: [one('a', 'b'), one('b', 'a')] };
}
