import assert from 'node:assert/strict';
import { object } from '../../core/json.ts';
import {
  balancer,
  balancerBody,
  balancerId,
  idOf,
  type NetworkStage,
  network,
  openNetwork,
} from '../../resources/network/support.ts';
import { assertRefused } from '../support.ts';
import { requireHealthSource } from './health-source.ts';

describe('a set’s source of health', () => {
  let stage: NetworkStage;
  beforeEach(() => {
    stage = openNetwork();
  });
  afterEach(() => stage.close());

  const set = 'resourceGroups/web/providers/Microsoft.Compute/virtualMachineScaleSets/shop';
  const alive = `${balancerId}/probes/alive`;
  const patch = (id: string, more: object = { extensionProfile: { extensions: [] } }) =>
    stage.call('PATCH', set, {
      properties: { virtualMachineProfile: { networkProfile: { healthProbe: { id } }, ...more } },
    });
  const ending = (answer: ReturnType<typeof patch>) =>
    object(stage.callAt('GET', new URL(answer.headers?.['Azure-AsyncOperation'] ?? ''), '').body);

  it('may be the probe of its load balancer', async () => {
    const accepted = patch(alive);
    assert.equal(accepted.status, 200, JSON.stringify(accepted.body));
    await stage.pass(600_000);
    assert.equal(ending(accepted)['status'], 'Succeeded');
    await stage.play(stage.sdk.virtualMachineScaleSets.updateInstances('web', 'shop', { instanceIds: ['*'] }));
    await stage.pass(60_000);
    const view = await stage.play(stage.sdk.virtualMachineScaleSetVMs.getInstanceView('web', 'shop', '0'));
    assert.equal(view.vmHealth?.status?.code, 'HealthState/healthy');
  });

  it('is no application gateway’s probe', () => {
    const gateway = idOf(`${network}/applicationGateways/front/probes/alive`);
    const answer = patch(gateway);
    assertRefused(answer, 400, 'InvalidRequestFormat', /Cannot parse/);
    assert.match(JSON.stringify(answer.body), /InvalidJsonReferenceWrongType.*loadBalancers\/probes/);
  });

  it('is one: a probe beside the extension is refused, and a probe that is not there', () => {
    assertRefused(patch(alive, {}), 400, 'InvalidParameter', /one source of health/);
    assertRefused(patch(`${balancerId}/probes/none`), 400, 'InvalidResourceReference', /probes\/none/);
  });

  it('is the extension where a set is Flexible', () => {
    const properties = {
      orchestrationMode: 'Flexible',
      virtualMachineProfile: { networkProfile: { healthProbe: { id: alive } } },
    };
    assert.throws(() => requireHealthSource(stage.world, properties), /Flexible scale set has its health from/);
  });

  it('fails the operation when the set is not behind the balancer whose probe it is', async () => {
    stage.write(`PUT ${network}/loadBalancers/other`, {
      location: 'koreacentral',
      properties: { probes: [{ name: 'alive', properties: { protocol: 'Http', port: 80 } }] },
    });
    const accepted = patch(idOf(`${network}/loadBalancers/other/probes/alive`));
    await stage.pass(60_000);
    const { status, error } = ending(accepted);
    assert.equal(status, 'Failed');
    assert.equal(object(error)['code'], 'CannotUseHealthProbeWithoutLoadBalancing');
    assert.match(
      String(object(error)['message']),
      /primary IP configuration ip of the scale set does not use load balancing/,
    );
    assert.equal(stage.write(`PUT ${balancer}`, balancerBody('green')).status, 200);
  });
});
