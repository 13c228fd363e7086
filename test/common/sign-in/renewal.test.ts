import assert from 'node:assert/strict';
import { connect } from '../../../tasks/common/azure/connect.ts';
import type { ServiceConnection } from '../../../tasks/common/sign-in/connection.ts';
import { type NewCertificate, newCertificate } from '../../azure/index.ts';
import { type SignInWorld, signInWorld } from './support.ts';

const hour = 3_600_000;

describe('a run of any length, with the clients as the tasks use them', () => {
  let own: NewCertificate;
  let at: SignInWorld;
  before(async () => {
    own = await newCertificate();
  });
  afterEach(() => at.close());

  const signs = /(?:\/oauth2\/v2\.0\/token|\/metadata\/identity\/oauth2\/token)$/;
  /** Reads the scale sets of the subscription once an hour; gives how many tokens that took. */
  async function run(hours: number, connection: ServiceConnection): Promise<number> {
    const { compute } = connect({ connection, network: {}, mask: at.mask, userAgent: 'x', httpClient: at.httpClient });
    for (let passed = 0; passed <= hours; passed += 1) {
      if (passed > 0) await at.clock.tickAsync(hour);
      for await (const _ of pages(compute.virtualMachineScaleSets.listAll())) assert.fail('there is no scale set');
    }
    return at.calls.filter((call) => signs.test(call)).length;
  }
  async function* pages<T>(list: AsyncIterable<T> & { next(): Promise<IteratorResult<T>> }): AsyncGenerator<T> {
    for (let item = await at.play(list.next()); !item.done; item = await at.play(list.next())) yield item.value;
  }

  const schemes: readonly { name: string; is: () => ServiceConnection; lifeHours: number }[] = [
    { name: 'a secret', is: () => at.connection(), lifeHours: 1 },
    { name: 'a certificate', is: () => at.certified(own), lifeHours: 1 },
    { name: 'federation', is: () => at.federated(), lifeHours: 1 },
    { name: 'the identity of the system', is: () => at.machine('systemAssigned'), lifeHours: 24 },
    { name: 'an identity of its own', is: () => at.machine('userAssigned'), lifeHours: 24 },
  ];
  for (const cloud of ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'])
    for (const { name, is, lifeHours } of schemes) {
      it(`of ${cloud}, by ${name}: a short one signs in once`, async () => {
        at = signInWorld(cloud);
        assert.equal(await run(0, is()), 1);
      });
      it(`of ${cloud}, by ${name}: one longer than three tokens live is never refused`, async () => {
        at = signInWorld(cloud);
        const tokens = await run(3 * lifeHours, is());
        assert.ok(tokens >= 3 && tokens <= 6, `${tokens} tokens`);
      });
    }

  for (const cloud of ['AzureUSGovernment', 'AzureChinaCloud'])
    it(`asks no host of another cloud than ${cloud}`, async () => {
      at = signInWorld(cloud);
      await run(0, at.connection());
      const hosts = new Set(at.calls.map((call) => call.split(' ')[1]?.split('/')[0]));
      const { resourceManager, authority } = at.connection().cloud;
      assert.deepEqual([...hosts].sort(), [resourceManager, authority].map((url) => new URL(url).host).sort());
    });
});
