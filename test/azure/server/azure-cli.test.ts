import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { addGalleryVersion, addScaleSet, testSubscription } from '../compute/builders.ts';
import {
  createWorld,
  type Directory,
  type RunningAzure,
  registerDirectory,
  startAzure,
  virtualMachines,
  type World,
} from '../index.ts';

const run = promisify(execFile);

describe('Azure CLI in front of the simulated Azure', function () {
  this.timeout(120_000);
  let world: World;
  let directory: Directory;
  let azure: RunningAzure;

  before(async function () {
    if (!(await hasAz())) {
      assert.notEqual(process.env['REQUIRE_REAL'], '1', 'REQUIRE_REAL=1, and there is no az on PATH');
      console.log('    skipped: there is no az on PATH (Debian: azure-cli)');
      this.skip();
    }
    world = createWorld({
      clock: { now: () => Date.now() },
      settings: { retryAfterS: 1, setWriteMs: 100 },
      machines: virtualMachines({ removeMs: 100, reimageMs: 1000 }),
    });
    directory = registerDirectory(world, { subscriptionId: testSubscription });
    azure = await startAzure({ world });
    const { clientId, secret, tenantId } = directory;
    await az('login', '--service-principal', '-u', clientId, '-p', secret, '--tenant', tenantId);
  });
  after(() => azure?.close());

  const az = async (...words: string[]): Promise<unknown> => {
    const { stdout } = await run('az', [...words, '-o', 'json'], {
      env: { PATH: process.env['PATH'], ...azure.environment },
    });
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  };

  it('is signed in to the one subscription', async () => {
    const account = (await az('account', 'show')) as { id: string; tenantId: string };
    assert.deepEqual([account.id, account.tenantId], [directory.subscriptionId, directory.tenantId]);
  });

  it('makes, lists and deletes a resource group', async () => {
    await az('group', 'create', '-n', 'web', '-l', 'koreacentral', '--tags', 'app=shop');
    const groups = (await az('group', 'list')) as { name: string; tags: object }[];
    assert.deepEqual(
      groups.map(({ name, tags }) => [name, tags]),
      [['web', { app: 'shop' }]],
    );
    await az('group', 'delete', '-n', 'web', '--yes');
    assert.deepEqual(await az('group', 'list'), []);
  });

  it('shows an error of Resource Manager with its code', () =>
    assert.rejects(
      az('group', 'show', '-n', 'nowhere'),
      /\(ResourceGroupNotFound\) Resource group 'nowhere' could not be found/,
    ));

  it('makes a virtual network and, by a template, a load balancer, and reads them back', async () => {
    await az('group', 'create', '-n', 'net', '-l', 'koreacentral');
    await az('network', 'vnet', 'create', '-g', 'net', '-n', 'home', '--subnet-name', 'nodes');
    const balancer = [
      '-g',
      'net',
      '-n',
      'front',
      '--vnet-name',
      'home',
      '--subnet',
      'nodes',
      '--backend-pool-name',
      'pool',
    ];
    await az('network', 'lb', 'create', ...balancer);
    const url = `/subscriptions/${directory.subscriptionId}/resourceGroups/net/providers/Microsoft.Network/loadBalancers/front?api-version=2022-07-01`;
    const shown = (await az('rest', '--url', url)) as { properties: { backendAddressPools: Named[] } };
    assert.deepEqual(names(shown.properties.backendAddressPools), ['pool']);
    assert.deepEqual(names((await az('resource', 'list', '-g', 'net')) as Named[]), ['home', 'front']);
  });

  it('sees a fleet and brings a node onto its model', async () => {
    const [old, next] = ['1.0.0', '2.0.0'].map((version) => addGalleryVersion(world, { version }).id);
    addScaleSet(world, { name: 'fleet', group: 'fleet', capacity: 2, image: old ?? '' });
    const set = ['-g', 'fleet', '-n', 'fleet'];
    await az('vmss', 'update', ...set, '--set', `virtualMachineProfile.storageProfile.imageReference.id=${next}`);
    await az('vmss', 'update-instances', ...set, '--instance-ids', '0');
    const instances = (await az('vmss', 'list-instances', ...set)) as (Named & { latestModelApplied: boolean })[];
    assert.deepEqual(
      instances.map(({ name, latestModelApplied }) => [name, latestModelApplied]),
      [
        ['fleet_0', true],
        ['fleet_1', false],
      ],
    );
    const view = (await az('vmss', 'get-instance-view', ...set)) as { virtualMachine: { statusesSummary: object[] } };
    assert.deepEqual(view.virtualMachine.statusesSummary, [{ code: 'ProvisioningState/succeeded', count: 2 }]);
  });

  it('reaches no other host: what it asks azure.microsoft.com after an error is refused', () => {
    const reached = azure.connects.filter(({ outcome }) => outcome === 'tunnelled').map(({ host }) => host);
    assert.deepEqual(new Set(reached), new Set(['login.microsoftonline.com', 'management.azure.com']));
  });
});

interface Named {
  readonly name: string;
}

const names = (all: readonly Named[]) => all.map(({ name }) => name);

async function hasAz(): Promise<boolean> {
  return run('az', ['--version']).then(
    () => true,
    () => false,
  );
}
