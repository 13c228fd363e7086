import assert from 'node:assert/strict';
import { chooseSubscription } from '../../../tasks/common/sign-in/subscription.ts';

const one = 'aaaaaaaa-0000-4000-a000-000000000001';
const other = 'bbbbbbbb-0000-4000-a000-000000000002';
const choose = (own: string | undefined, given: string | undefined, scopeLevel?: string) =>
  chooseSubscription({ name: 'the shop', own, given, scopeLevel });

describe('chooseSubscription', () => {
  it('takes that of the connection', () => assert.equal(choose(one, undefined, 'Subscription'), one));
  it('takes that of the connection when the input repeats it', () => assert.equal(choose(one, one.toUpperCase()), one));
  it('takes that of the input for a management group', () =>
    assert.equal(choose(undefined, one, 'ManagementGroup'), one));
  it('takes that of the input for a connection that has lost its own', () => assert.equal(choose(undefined, one), one));

  const refusals: readonly { name: string; args: Parameters<typeof choose>; code: string; says: RegExp }[] = [
    {
      name: 'a management group without the input',
      args: [undefined, undefined, 'managementgroup'],
      code: 'InputMissing',
      says: /Input "subscriptionId" is empty, and service connection the shop is made for a management group/,
    },
    {
      name: 'a connection without a subscription',
      args: [undefined, undefined, 'Subscription'],
      code: 'ConnectionIncomplete',
      says: /the shop has no subscription id \(subscriptionId\)/,
    },
    { name: 'two that differ', args: [one, other], code: 'ContradictoryInputs', says: new RegExp(`${other}.*${one}`) },
    { name: 'a name', args: [undefined, 'Web shop', 'ManagementGroup'], code: 'InvalidInput', says: /"Web shop"/ },
  ];
  for (const { name, args, code, says } of refusals)
    it(`refuses ${name}`, () => assert.throws(() => choose(...args), { code, message: says }));
});
