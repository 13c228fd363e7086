import assert from 'node:assert/strict';
import { type Bench, codeOf, openBench } from '../../support.ts';
import { makeInterface, makeMachine } from '../support.ts';

const network = '/resourceGroups/web/providers/Microsoft.Network';

describe('Network resources', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
    bench.arm('PUT /resourceGroups/web', { location: 'koreacentral' });
  });
  afterEach(() => bench.close());

  const put = (path: string, properties: object, headers?: Record<string, string>) =>
    bench.arm(`PUT ${network}/${path}`, { location: 'koreacentral', properties }, headers);
  const get = (path: string) => bench.arm(`GET ${network}/${path}`).body as Shown;

  it('are Updating until their operation has ended', () => {
    const accepted = put('publicIPAddresses/ip', {});
    assert.equal(accepted.status, 201);
    assert.equal(get('publicIPAddresses/ip').properties['provisioningState'], 'Updating');
    bench.pass(1000);
    assert.equal(get('publicIPAddresses/ip').properties['provisioningState'], 'Succeeded');
    assert.equal(put('publicIPAddresses/ip', {}).status, 200);
  });

  it('give each interface of a subnet an address of its own, after the four that are Azure’s', () => {
    for (const name of ['a', 'b']) makeInterface(bench, 'web', name);
    const addresses = ['a', 'b'].map(
      (name) => first(get(`networkInterfaces/${name}-nic`), 'ipConfigurations')['privateIPAddress'],
    );
    assert.deepEqual(addresses, ['10.0.0.4', '10.0.0.5']);
    makeInterface(bench, 'web', 'a');
    assert.equal(first(get('networkInterfaces/a-nic'), 'ipConfigurations')['privateIPAddress'], '10.0.0.4');
  });

  it('refuse to refer to what is not there', () => {
    const id = `${bench.subscription}${network}/virtualNetworks/net/subnets/gone`;
    put('virtualNetworks/net', { subnets: [{ name: 'nodes' }] });
    const answer = put('networkInterfaces/nic', {
      ipConfigurations: [{ name: 'main', properties: { subnet: { id } } }],
    });
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidResourceReference']);
  });

  it('are deleted only when nothing stands on them', () => {
    makeMachine(bench, 'web', 'vm');
    const used = [
      ['networkInterfaces/vm-nic', 'NicInUse'],
      ['publicIPAddresses/vm-ip', 'PublicIPAddressCannotBeDeleted'],
      ['virtualNetworks/net', 'InUseSubnetCannotBeDeleted'],
      ['virtualNetworks/net/subnets/nodes', 'InUseSubnetCannotBeDeleted'],
    ] as const;
    for (const [path, code] of used) assert.equal(codeOf(bench.arm(`DELETE ${network}/${path}`)), code);
    bench.finish('DELETE /resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm');
    for (const path of ['networkInterfaces/vm-nic', 'publicIPAddresses/vm-ip', 'virtualNetworks/net'])
      assert.equal(bench.finish(`DELETE ${network}/${path}`).status, 'Succeeded');
    assert.equal(bench.arm(`DELETE ${network}/virtualNetworks/net`).status, 204);
  });

  it('hold a writer with an old etag back', () => {
    put('publicIPAddresses/ip', {});
    const { etag } = get('publicIPAddresses/ip');
    assert.equal(put('publicIPAddresses/ip', {}, { 'if-match': etag }).status, 200);
    const late = put('publicIPAddresses/ip', {}, { 'if-match': etag });
    assert.deepEqual([late.status, codeOf(late)], [412, 'PreconditionFailed']);
  });

  it('keep a load balancer’s parts with ids, and show who is in its pools', () => {
    makeInterface(bench, 'web', 'node');
    const at = (part: string) => ({ id: `${bench.subscription}${network}/loadBalancers/front/${part}` });
    const balancer = put('loadBalancers/front', {
      frontendIPConfigurations: [{ name: 'in', properties: {} }],
      backendAddressPools: [{ name: 'pool' }],
      probes: [{ name: 'health', properties: { protocol: 'Http', port: 8080, requestPath: '/healthz' } }],
      loadBalancingRules: [
        {
          name: 'http',
          properties: {
            protocol: 'Tcp',
            frontendPort: 80,
            backendPort: 8080,
            frontendIPConfiguration: at('frontendIPConfigurations/in'),
            backendAddressPool: at('backendAddressPools/pool'),
            probe: at('probes/health'),
          },
        },
      ],
    });
    assert.equal(balancer.status, 201, JSON.stringify(balancer.body));
    const nic = get('networkInterfaces/node-nic');
    const [configuration] = nic.properties['ipConfigurations'] as Part[];
    Object.assign(configuration?.properties ?? {}, {
      loadBalancerBackendAddressPools: [at('backendAddressPools/pool')],
    });
    put('networkInterfaces/node-nic', nic.properties);
    assert.deepEqual(first(get('loadBalancers/front'), 'backendAddressPools')['backendIPConfigurations'], [
      { id: `${bench.subscription}${network}/networkInterfaces/node-nic/ipConfigurations/main` },
    ]);
    const probe = bench.arm(`GET ${network}/loadBalancers/front/probes/health`).body as Part;
    assert.equal(probe.properties['port'], 8080);
  });

  it('write one subnet without touching the others', () => {
    put('virtualNetworks/net', { subnets: [{ name: 'one' }] });
    bench.arm(`PUT ${network}/virtualNetworks/net/subnets/two`, { properties: { addressPrefix: '10.0.1.0/24' } });
    const { value } = bench.arm(`GET ${network}/virtualNetworks/net/subnets`).body as { value: Part[] };
    assert.deepEqual(
      value.map(({ name }) => name),
      ['one', 'two'],
    );
  });

  it('are listed by group and by subscription', () => {
    bench.arm('PUT /resourceGroups/other', { location: 'koreacentral' });
    put('publicIPAddresses/ip', {});
    bench.arm('PUT /resourceGroups/other/providers/Microsoft.Network/publicIPAddresses/far', {
      location: 'koreacentral',
    });
    const names = (path: string) => (bench.arm(`GET ${path}`).body as { value: Part[] }).value.map(({ name }) => name);
    assert.deepEqual(names(`${network}/publicIPAddresses`), ['ip']);
    assert.deepEqual(names('/providers/Microsoft.Network/publicIPAddresses'), ['ip', 'far']);
    assert.deepEqual(
      names("/resources?$filter=resourceType eq 'Microsoft.Network/publicIPAddresses' and name eq 'FAR'"),
      ['far'],
    );
    assert.equal(bench.arm("GET /resources?$filter=substringof('x', name)").status, 400);
  });
});

interface Part {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Shown extends Part {
  readonly etag: string;
}

/** The properties of the first part of this name. */
const first = (shown: Shown, part: string) => (shown.properties[part] as Part[])[0]?.properties ?? {};
