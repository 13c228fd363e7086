import assert from 'node:assert/strict';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { armFailure } from '../../../tasks/common/azure/arm-failure.ts';
import { connect } from '../../../tasks/common/azure/connect.ts';
import { permits, readLocks, readPermissions } from '../../../tasks/common/azure/permissions.ts';
import { answeringFirst, type SignInWorld, signInWorld } from '../sign-in/support.ts';

const write = 'Microsoft.Compute/virtualMachineScaleSets/write';
const role = (actions: readonly string[], notActions: readonly string[] = []) => ({ actions, notActions });

describe('permits', () => {
  const cases = [
    { title: 'an action by its name', roles: [role([write])], allowed: true },
    { title: 'an action in other letters', roles: [role([write.toUpperCase()])], allowed: true },
    { title: 'an action by everything', roles: [role(['*'])], allowed: true },
    { title: 'an action by a wildcard at its end', roles: [role(['Microsoft.Compute/*'])], allowed: true },
    { title: 'an action by a wildcard at its beginning', roles: [role(['*/write'])], allowed: true },
    { title: 'an action by a wildcard in its middle', roles: [role(['Microsoft.Compute/*/write'])], allowed: true },
    { title: 'an action by two wildcards', roles: [role(['*/virtualMachineScaleSets/*'])], allowed: true },
    { title: 'nothing without a role', roles: [], allowed: false },
    { title: 'nothing by an empty role', roles: [role([])], allowed: false },
    { title: 'no other verb', roles: [role(['*/read'])], allowed: false },
    { title: 'no part of a name', roles: [role(['Microsoft.Compute/virtualMachineScaleSets'])], allowed: false },
    { title: 'no longer name', roles: [role([`${write}/action`])], allowed: false },
    { title: 'no dot as any letter', roles: [role([write.replace('.', 'x')])], allowed: false },
    {
      title: 'no name in which a dot is a wildcard',
      roles: [role([write.replace('Microsoft.', 'Microsoft..')])],
      allowed: false,
    },
    { title: 'not what the role takes back', roles: [role(['*'], ['Microsoft.Compute/*/write'])], allowed: false },
    {
      title: 'what one role takes back and another gives',
      roles: [role(['*'], [write]), role(['*/write'])],
      allowed: true,
    },
    { title: 'what a role takes back elsewhere', roles: [role(['*'], ['Microsoft.Network/*'])], allowed: true },
  ];
  for (const { title, roles, allowed } of cases) it(title, () => assert.equal(permits(roles, write), allowed));
});

describe('reading rights and locks', () => {
  let at: SignInWorld;
  beforeEach(() => {
    at = signInWorld();
  });
  afterEach(() => at.close());

  /** Azure as a list of bodies, one a call. */
  function openWith(bodies: readonly unknown[]) {
    const urls: string[] = [];
    const httpClient: HttpClient = answeringFirst(at.httpClient, ({ url }) => {
      if (!url.startsWith('https://management.azure.com/')) return undefined;
      const body = bodies[urls.push(url) - 1] ?? bodies.at(-1);
      return { status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) };
    });
    const connection = at.connection();
    return { azure: connect({ connection, network: {}, mask: at.mask, userAgent: 'test', httpClient }), urls };
  }
  const scope = '/subscriptions/s/resourceGroups/g';

  it('follows the pages of a list', async () => {
    const next = 'https://management.azure.com/next?page=2';
    const { azure, urls } = openWith([
      { value: [{ actions: ['a'] }], nextLink: next },
      { value: [{ actions: ['b'] }] },
    ]);
    const found = await at.play(readPermissions(azure, scope));
    assert.deepEqual(found, [role(['a']), role(['b'])]);
    assert.deepEqual(urls, [
      `https://management.azure.com${scope}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`,
      next,
    ]);
  });

  it('does not send its token to another host that an answer names', async () => {
    const { azure } = openWith([{ value: [], nextLink: 'https://management.azure.com.evil.example/next' }]);
    await assert.rejects(at.play(readPermissions(azure, scope)), {
      code: 'AnswerUnreadable',
      message: /evil\.example/,
    });
  });

  it('ends although an answer always goes on', async () => {
    const { azure, urls } = openWith([{ value: [], nextLink: 'https://management.azure.com/next' }]);
    const unreadable = {
      code: 'AnswerUnreadable',
      message: /^Reading the rights on .* failed: after 200 pages the list still goes on$/,
    };
    await assert.rejects(at.play(readPermissions(azure, scope)), unreadable);
    assert.equal(urls.length, 200);
  });

  const odd = [
    ['<html></html>', 'AnswerNotJson'],
    ['', 'AnswerNotJson'],
    [[], 'AnswerUnreadable'],
    [{ value: 'x' }, 'AnswerUnreadable'],
    [{}, 'AnswerUnreadable'],
  ] as const;
  for (const [body, code] of odd)
    it(`does not take ${JSON.stringify(body)} for an answer`, async () => {
      const failed = at.play(readPermissions(openWith([body]).azure, scope)).catch((error: unknown) => {
        throw armFailure(error, 'Reading them');
      });
      await assert.rejects(failed, { code });
    });

  it('asks for the locks at a scope, whatever its name holds', async () => {
    const lock = { id: 'l', name: 'l', properties: { level: 'ReadOnly', notes: 'n' } };
    const { azure, urls } = openWith([{ value: [lock, { id: 'm', properties: { level: 'Other' } }] }]);
    assert.deepEqual(await at.play(readLocks(azure, '/subscriptions/s/resourceGroups/a?b')), [
      { id: 'l', level: 'ReadOnly' },
    ]);
    assert.match(
      urls[0] ?? '',
      /\/a%3Fb\/providers\/Microsoft\.Authorization\/locks\?api-version=2020-05-01&\$filter=atScope\(\)$/,
    );
  });
});
