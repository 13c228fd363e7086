import assert from 'node:assert/strict';
import { type Bench, codeOf, messageOf, openBench } from '../support.ts';
import { needOf } from './actions.ts';
import { restrictPrincipal } from './assignments.ts';
import { addLock } from './locks.ts';
import type { Assignment, LockLevel } from './state.ts';

describe('the action of a call', () => {
  const sub = '/subscriptions/s';
  const group = `${sub}/resourceGroups/g`;
  const compute = 'Microsoft.Compute';
  const set = `${group}/providers/${compute}/virtualMachineScaleSets/shop`;
  const machines = `${compute}/virtualMachineScaleSets/virtualMachines`;
  const cases = [
    [`GET ${set}`, [`${compute}/virtualMachineScaleSets/read`], set],
    [`PATCH ${set}`, [`${compute}/virtualMachineScaleSets/write`], set],
    [`DELETE ${set}`, [`${compute}/virtualMachineScaleSets/delete`], set],
    [`POST ${set}/manualUpgrade`, [`${compute}/virtualMachineScaleSets/manualUpgrade/action`], set],
    [`GET ${set}/instanceView`, [`${compute}/virtualMachineScaleSets/instanceView/read`], set],
    [`GET ${set}/virtualMachines`, [`${machines}/read`], set],
    [`GET ${set}/virtualMachines?$expand=instanceView`, [`${machines}/read`, `${machines}/instanceView/read`], set],
    [
      `PUT ${set}/virtualMachines/0/runCommands/x`,
      [`${machines}/runCommands/write`],
      `${set}/virtualMachines/0/runCommands/x`,
    ],
    [`POST ${set}/virtualMachines/0/runCommand`, [`${machines}/runCommand/action`], `${set}/virtualMachines/0`],
    [`GET ${group}/providers/${compute}/images`, [`${compute}/images/read`], group],
    [
      `GET ${sub}/providers/${compute}/locations/l/operations/o`,
      [`${compute}/locations/operations/read`],
      `${sub}/providers/${compute}/locations/l/operations/o`,
    ],
    [
      `GET ${sub}/providers/${compute}/locations/l/capsOperations/o`,
      [`${compute}/locations/capsOperations/read`],
      `${sub}/providers/${compute}/locations/l/capsOperations/o`,
    ],
    [
      `GET ${set}/virtualMachines/0/networkInterfaces/nic`,
      [`${machines}/networkInterfaces/read`],
      `${set}/virtualMachines/0/networkInterfaces/nic`,
    ],
    [`GET ${set}/networkInterfaces`, [`${compute}/virtualMachineScaleSets/networkInterfaces/read`], set],
    [
      `POST ${group}/providers/Microsoft.Network/loadBalancers/lb/loadBalancingRules/r/health`,
      ['Microsoft.Network/loadBalancers/loadBalancingRules/health/action'],
      `${group}/providers/Microsoft.Network/loadBalancers/lb/loadBalancingRules/r`,
    ],
    [
      `POST ${group}/providers/Microsoft.Network/applicationGateways/ag/backendhealth`,
      ['Microsoft.Network/applicationGateways/backendhealth/action'],
      `${group}/providers/Microsoft.Network/applicationGateways/ag`,
    ],
    [`PUT ${group}`, ['Microsoft.Resources/subscriptions/resourceGroups/write'], group],
    [`GET ${sub}/resourceGroups`, ['Microsoft.Resources/subscriptions/resourceGroups/read'], sub],
    [`POST ${sub}/providers/${compute}/register`, [`${compute}/register/action`], sub],
    [`GET ${set}/providers/Microsoft.Authorization/permissions`, ['Microsoft.Authorization/permissions/read'], set],
    [
      `PUT ${set}/providers/Microsoft.Authorization/locks/x`,
      ['Microsoft.Authorization/locks/write'],
      `${set}/providers/Microsoft.Authorization/locks/x`,
    ],
  ] as const;
  for (const [line, actions, scope] of cases)
    it(`of ${line} is ${actions.join(' and ')}`, () => {
      const [method = '', path = ''] = line.split(' ');
      assert.deepEqual(needOf({ method, url: new URL(`https://management.azure.com${path}`) }), { actions, scope });
    });

  it('is none where everybody may ask', () =>
    assert.equal(needOf({ method: 'GET', url: new URL('https://management.azure.com/subscriptions') }), undefined));
});

describe('Microsoft.Authorization', () => {
  let bench: Bench;
  let group = '';
  beforeEach(() => {
    bench = openBench();
    group = `${bench.subscription}/resourceGroups/g`;
    for (const name of ['g', 'other']) bench.arm(`PUT /resourceGroups/${name}`, { location: 'koreacentral' });
  });
  afterEach(() => bench.close());

  const restrict = (...assignments: Assignment[]) =>
    restrictPrincipal(bench.world, bench.directory.clientId, assignments);
  const network = '/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n';
  const putNetwork = () =>
    bench.arm(`PUT ${network}`, {
      location: 'koreacentral',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    });
  const permissions = (scope: string) => bench.arm(`GET ${scope}/providers/Microsoft.Authorization/permissions`);

  it('refuses what no role gives, in Azure’s own words', () => {
    restrict({ scope: group, actions: ['*/read'] });
    assert.equal(bench.arm('GET /resourceGroups/g').status, 200);
    const answer = putNetwork();
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'AuthorizationFailed']);
    assert.match(
      messageOf(answer),
      new RegExp(
        `^The client '${bench.directory.clientId}' with object id '[0-9a-f-]{36}' does not have authorization to perform action 'Microsoft.Network/virtualNetworks/write' over scope '${group}/providers/Microsoft.Network/virtualNetworks/n' or the scope is invalid. If access was recently granted, please refresh your credentials.$`,
      ),
    );
  });

  it('lets a role count at its scope and below, and nowhere else', () => {
    restrict({ scope: group, actions: ['*'] });
    assert.equal(putNetwork().status, 201);
    assert.equal(codeOf(bench.arm('GET /resourceGroups/other')), 'AuthorizationFailed');
    restrict({ scope: `${bench.subscription}/resourceGroups/oth`, actions: ['*'] });
    assert.equal(codeOf(bench.arm('GET /resourceGroups/other')), 'AuthorizationFailed');
  });

  it('takes back by notActions what the same role gives', () => {
    restrict({ scope: group, actions: ['*'], notActions: ['Microsoft.Network/*/write'] });
    assert.equal(codeOf(putNetwork()), 'AuthorizationFailed');
  });

  it('tells the caller’s rights by the same roles', () => {
    assert.deepEqual(permissions('/resourceGroups/g').body, {
      value: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
    });
    const role = { scope: bench.subscription, actions: ['*/read'], notActions: ['Microsoft.Network/*'] };
    restrict(
      role,
      { scope: group, actions: ['x'] },
      { scope: `${group}/providers/Microsoft.Network/virtualNetworks/n`, actions: ['y'] },
    );
    const actionsAt = (scope: string) =>
      (permissions(scope).body as { value: { actions: string[] }[] }).value.flatMap(({ actions }) => actions);
    assert.deepEqual(actionsAt('/resourceGroups/other'), ['*/read']);
    assert.deepEqual(actionsAt('/resourceGroups/g'), ['*/read', 'x']);
    assert.deepEqual(actionsAt(network), ['*/read', 'x', 'y']);
  });

  it('does not tell them to who may not read permissions', () => {
    restrict({ scope: group, actions: ['Microsoft.Network/*'] });
    assert.equal(codeOf(permissions('/resourceGroups/g')), 'AuthorizationFailed');
  });

  describe('locks', () => {
    const locks = (scope: string) => `${scope}/providers/Microsoft.Authorization/locks`;
    const lock = (scope: string, level: LockLevel) =>
      bench.arm(`PUT ${locks(scope)}/keep`, { properties: { level, notes: 'ours' } });
    const namesAt = (scope: string, query = '') =>
      (bench.arm(`GET ${locks(scope)}${query}`).body as { value: { name: string }[] }).value.map(({ name }) => name);

    it('are made, read, listed and deleted', () => {
      assert.equal(lock('/resourceGroups/g', 'ReadOnly').status, 201);
      assert.equal(lock('/resourceGroups/g', 'CanNotDelete').status, 200);
      const { body } = bench.arm(`GET ${locks('/resourceGroups/g')}/keep`);
      assert.deepEqual((body as { properties: unknown }).properties, { level: 'CanNotDelete', notes: 'ours' });
      assert.deepEqual(namesAt('/resourceGroups/g'), ['keep']);
      assert.equal(bench.arm(`DELETE ${locks('/resourceGroups/g')}/keep`).status, 200);
      assert.equal(bench.arm(`DELETE ${locks('/resourceGroups/g')}/keep`).status, 204);
      assert.equal(codeOf(bench.arm(`GET ${locks('/resourceGroups/g')}/keep`)), 'LockNotFound');
      assert.equal(bench.arm(`PUT ${locks('/resourceGroups/g')}/keep`, { properties: { level: 'x' } }).status, 400);
    });

    it('are listed with those above, and with those below unless $filter=atScope()', () => {
      addLock(bench.world, bench.subscription, 'ReadOnly', 'above');
      addLock(bench.world, group, 'ReadOnly', 'here');
      addLock(bench.world, `${group}/providers/Microsoft.Network/virtualNetworks/n`, 'ReadOnly', 'below');
      assert.deepEqual(namesAt('/resourceGroups/g'), ['above', 'here', 'below']);
      assert.deepEqual(namesAt('/resourceGroups/g', '?$filter=atScope()'), ['above', 'here']);
      assert.deepEqual(namesAt('/resourceGroups/other', '?$filter=atScope()'), ['above']);
    });

    const cases = [
      { level: 'ReadOnly', on: '', write: 409, remove: 409 },
      { level: 'ReadOnly', on: '/resourceGroups/g', write: 409, remove: 409 },
      { level: 'ReadOnly', on: network, write: 409, remove: 409 },
      { level: 'CanNotDelete', on: '', write: 200, remove: 409 },
      { level: 'CanNotDelete', on: '/resourceGroups/g', write: 200, remove: 409 },
      { level: 'CanNotDelete', on: network, write: 200, remove: 409 },
      { level: 'ReadOnly', on: '/resourceGroups/other', write: 200, remove: 202 },
    ] as const;
    for (const { level, on, write, remove } of cases)
      it(`answer a write with ${write} and a delete with ${remove}: ${level} on ${on || 'the subscription'}`, () => {
        putNetwork();
        bench.pass(5_000);
        addLock(bench.world, `${bench.subscription}${on}`, level);
        assert.equal(putNetwork().status, write);
        bench.pass(5_000);
        const answer = bench.arm(`DELETE ${network}`);
        assert.equal(answer.status, remove);
        if (remove !== 409) return;
        const id = `${bench.subscription}${network}`;
        assert.equal(
          messageOf(answer),
          `The scope '${id}' cannot perform delete operation because following scope(s) are locked: '${bench.subscription}${on}'. Please remove the lock and try again.`,
        );
        assert.equal(bench.arm(`GET ${network}`).status, 200);
      });

    it('keep the group that they are in from being deleted', () => {
      putNetwork();
      addLock(bench.world, `${bench.subscription}${network}`, 'CanNotDelete');
      assert.equal(codeOf(bench.arm('DELETE /resourceGroups/g')), 'ScopeLocked');
    });

    it('stop actions too', () => {
      addLock(bench.world, group, 'ReadOnly');
      const set = '/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/s';
      assert.equal(codeOf(bench.arm(`POST ${set}/restart`, {})), 'ScopeLocked');
      bench.world.authorization.locks.clear();
      addLock(bench.world, group, 'CanNotDelete');
      assert.equal(codeOf(bench.arm(`POST ${set}/delete`, { instanceIds: ['0'] })), 'ScopeLocked');
      assert.notEqual(codeOf(bench.arm(`POST ${set}/restart`, {})), 'ScopeLocked');
    });
  });
});
