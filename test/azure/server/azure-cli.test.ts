import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet, testSubscription } from '../compute/builders.ts';
import type { Instance, ScaleSet } from '../compute/state.ts';
import { keyOf } from '../core/ids.ts';
import {
  createWorld,
  type Directory,
  type RunningAzure,
  registerDirectory,
  startAzure,
  virtualMachines,
  type World,
} from '../index.ts';
import { type AzureCli, findAzureCli, signIn } from './azure-cli.ts';

interface Named {
  readonly name: string;
}

const names = (all: readonly Named[]) => all.map(({ name }) => name);
const group = (name: string) => `/subscriptions/${testSubscription}/resourceGroups/${name}`;

describe('Azure CLI in front of the simulated Azure', function () {
  this.timeout(180_000);
  let world: World;
  let directory: Directory;
  let azure: RunningAzure;
  let az: AzureCli;

  before(async function () {
    if (!(await findAzureCli())) this.skip();
    world = createWorld({
      clock: { now: () => Date.now() },
      // What is done by az's first poll spares it a second.
      settings: { retryAfterS: 1, setWriteMs: 1, instanceWriteMs: 1, replicationMs: 1 },
      machines: virtualMachines({ bootMs: 1, stopMs: 1, removeMs: 1, reimageMs: 1, captureMs: 1 }),
    });
    directory = registerDirectory(world, { subscriptionId: testSubscription });
    azure = await startAzure({ world });
    az = await signIn(azure, directory);
  });
  after(async () => {
    if (az) console.log(`    az: ${az.commands.size} different commands`);
    await azure?.close();
  });

  /** What the world has of a kind, by name. */
  const kept = <Kept extends Named>(map: ReadonlyMap<string, Kept>, name: string) =>
    [...map.values()].find((one) => one.name === name);

  it('is signed in to the one subscription', async () => {
    const [account, all] = await Promise.all([
      az<{ id: string; tenantId: string }>('account show'),
      az<readonly { id: string }[]>('account list'),
    ]);
    assert.deepEqual([account.id, account.tenantId], [directory.subscriptionId, directory.tenantId]);
    assert.deepEqual(
      all.map(({ id }) => id),
      [directory.subscriptionId],
    );
  });

  it('makes, reads, tags and deletes a resource group', async () => {
    const { groups } = world.resources;
    await az('group create', '-n web -l koreacentral --tags app=shop');
    assert.deepEqual(groups.get(keyOf(group('web')))?.tags, { app: 'shop' });
    const [listed, shown, there] = await Promise.all([
      az<readonly Named[]>('group list'),
      az<{ tags: object }>('group show', '-n web'),
      az('group exists', '-n web'),
    ]);
    assert.deepEqual([names(listed), shown.tags, there], [['web'], { app: 'shop' }, true]);
    await az('group update', '-n web --set tags.cost=42');
    assert.deepEqual(groups.get(keyOf(group('web')))?.tags, { app: 'shop', cost: '42' });
    await az('group delete', '-n web --yes');
    assert.equal(groups.size, 0);
  });

  it('shows an error of Resource Manager with its code', () =>
    assert.rejects(
      az('group show', '-n nowhere'),
      /\(ResourceGroupNotFound\) Resource group 'nowhere' could not be found/,
    ));

  describe('with a fleet', () => {
    const on = '-g fleet -n shop';
    let set: ScaleSet;
    let next = '';
    before(() => {
      const [one, two] = ['1.0.0', '2.0.0'].map((version) => addGalleryVersion(world, { version }).id);
      next = two ?? '';
      set = addScaleSet(world, { name: 'shop', group: 'fleet', capacity: 4, image: one ?? '' });
    });
    const instances = () => [...world.compute.instances.values()];
    const instance = (id: string) => instances().find(({ instanceId }) => instanceId === id) as Instance;
    const ids = () => instances().map(({ instanceId }) => instanceId);
    const versions = () =>
      instances()
        .map(({ image }) => String(image.reference['id']).split('/').at(-1))
        .join(' ');
    const power = () =>
      instances()
        .map((one) => one.power)
        .join(' ');

    it('reads the set, its instances and how they are', async () => {
      const [all, one, nodes, view] = await Promise.all([
        az<readonly Named[]>('vmss list', '-g fleet'),
        az<{ sku: { capacity: number }; upgradePolicy: { mode: string } }>('vmss show', on),
        az<readonly (Named & { latestModelApplied: boolean })[]>('vmss list-instances', on),
        az<{ virtualMachine: { statusesSummary: object[] } }>('vmss get-instance-view', on),
      ]);
      assert.deepEqual(names(all), ['shop']);
      assert.deepEqual([one.sku.capacity, one.upgradePolicy.mode], [set.sku.capacity, 'Manual']);
      assert.deepEqual(names(nodes), names(instances()));
      assert.deepEqual(view.virtualMachine.statusesSummary, [{ code: 'ProvisioningState/succeeded', count: 4 }]);
    });

    it('changes the model and brings a node onto it', async () => {
      const image = `virtualMachineProfile.storageProfile.imageReference.id=${next}`;
      await az('vmss update', `${on} --set ${image}`);
      assert.ok(JSON.stringify(set.properties).includes(next));
      assert.equal(versions(), '1.0.0 1.0.0 1.0.0 1.0.0');
      await az('vmss update-instances', `${on} --instance-ids 0`);
      assert.equal(versions(), '2.0.0 1.0.0 1.0.0 1.0.0');
    });

    it('protects a node from being scaled in', async () => {
      await az('vmss update', `${on} --instance-id 3 --protect-from-scale-in true`);
      assert.deepEqual(
        instances().map(({ protection }) => protection.protectFromScaleIn),
        [false, false, false, true],
      );
    });

    it('switches nodes off, on and through', async () => {
      await Promise.all([az('vmss deallocate', `${on} --instance-ids 1`), az('vmss stop', `${on} --instance-ids 2`)]);
      assert.equal(power(), 'running deallocated stopped running');
      await az('vmss start', on);
      assert.equal(power(), 'running running running running');
      const before = instance('3').stateSince;
      await az('vmss restart', `${on} --instance-ids 3`);
      assert.ok(instance('3').stateSince > before);
      assert.equal(power(), 'running running running running');
    });

    it('gives every node a fresh disk of its own version', async () => {
      const before = instances().map(({ stateSince }) => stateSince);
      await az('vmss reimage', on);
      assert.ok(instances().every(({ stateSince }, index) => stateSince > (before[index] ?? 0)));
      assert.equal(versions(), '2.0.0 1.0.0 1.0.0 1.0.0');
    });

    it('scales out and in, and deletes a node by its id', async () => {
      await az('vmss scale', `${on} --new-capacity 5`);
      assert.deepEqual([set.sku.capacity, versions()], [5, '2.0.0 1.0.0 1.0.0 1.0.0 2.0.0']);
      await az('vmss scale', `${on} --new-capacity 3`);
      assert.deepEqual([set.sku.capacity, ids()], [3, ['0', '1', '3']], 'the protected one stays');
      await az('vmss delete-instances', `${on} --instance-ids 0`);
      assert.deepEqual([set.sku.capacity, ids()], [2, ['1', '3']]);
    });

    it('runs a script on a node, and lists what is kept there', async () => {
      const script = ['--command-id', 'RunShellScript', '--scripts', 'echo hello'];
      const [said, list] = await Promise.all([
        az<{ value: readonly { code: string }[] }>('vmss run-command invoke', `${on} --instance-id 1`, ...script),
        az('vmss run-command list', '-g fleet --vmss-name shop --instance-id 1'),
      ]);
      assert.deepEqual(
        said.value.map(({ code }) => code),
        ['ProvisioningState/succeeded'],
      );
      assert.deepEqual([list, world.compute.runCommands.size], [[], 0]);
    });

    it('puts tags on the set and on the group', async () => {
      await az('tag create', `--resource-id ${set.id} --tags app=shop cost=42`);
      assert.deepEqual(set.tags, { app: 'shop', cost: '42' });
      await az('tag update', `--resource-id ${set.id} --operation merge --tags cost=7`);
      const listed = await az<{ properties: object }>('tag list', `--resource-id ${set.id}`);
      assert.deepEqual([set.tags, listed.properties], [{ app: 'shop', cost: '7' }, { tags: set.tags }]);
      await az('tag delete', `--resource-id ${group('fleet')} --yes`);
      assert.deepEqual(world.resources.groups.get(keyOf(group('fleet')))?.tags, {});
    });

    it('locks the group: nobody deletes the set until the lock is gone', async () => {
      const { locks } = world.authorization;
      const levels = () => [...locks.values()].map(({ name, level }) => `${name} ${level}`);
      await az('lock create', '-g fleet -n keep --lock-type CanNotDelete');
      assert.deepEqual(levels(), ['keep CanNotDelete']);
      await assert.rejects(az('vmss delete', on), /\(ScopeLocked\)/);
      await az('lock update', '-g fleet -n keep --notes ours');
      const [listed, shown] = await Promise.all([
        az<readonly Named[]>('lock list', '-g fleet'),
        az<{ notes: string }>('lock show', '-g fleet -n keep'),
      ]);
      assert.deepEqual([names(listed), shown.notes], [['keep'], 'ours']);
      await az('lock delete', '-g fleet -n keep');
      assert.equal(locks.size, 0);
    });

    it('asks in newer versions by az rest: an etag guards the set', async () => {
      const url = `${set.id}?api-version=2024-07-01`;
      const body = JSON.stringify({ tags: { written: 'by rest' } });
      const write = (etag: string) =>
        az(
          'rest',
          `--method patch --url ${url} --headers If-Match=${etag} Content-Type=application/json`,
          '--body',
          body,
        );
      const { etag } = await az<{ etag: string }>('rest', `--url ${url}`);
      await assert.rejects(write('"0"'), /PreconditionFailed/);
      assert.notDeepEqual(set.tags, { written: 'by rest' });
      await write(etag);
      assert.deepEqual(set.tags, { written: 'by rest' });
    });

    it('sets, reads, changes and takes away the limits of autoscaling', async () => {
      const { settings } = world.autoscale;
      const counts = () => JSON.stringify([...settings.values()].map(({ properties }) => properties));
      const resource = '--resource shop --resource-type Microsoft.Compute/virtualMachineScaleSets';
      await az.latest('monitor autoscale create', `-g fleet -n load ${resource} --min-count 2 --max-count 6 --count 4`);
      assert.match(counts(), /"maximum":"6","minimum":"2"|"minimum":"2","maximum":"6"/);
      await az.latest('monitor autoscale update', '-g fleet -n load --max-count 8');
      const [listed, shown] = await Promise.all([
        az.latest<readonly Named[]>('monitor autoscale list', '-g fleet'),
        az.latest<{ profiles: readonly { capacity: object }[] }>('monitor autoscale show', '-g fleet -n load'),
      ]);
      const [profile] = shown.profiles;
      assert.deepEqual([names(listed), profile?.capacity], [['load'], { minimum: '2', maximum: '8', default: '4' }]);
      await az.latest('monitor autoscale delete', '-g fleet -n load');
      assert.equal(settings.size, 0);
    });

    it('deletes the set with all of its nodes', async () => {
      await az('vmss delete', on);
      await az('vmss wait', `${on} --deleted`);
      assert.deepEqual([world.compute.scaleSets.size, instances().length], [0, 0]);
    });
  });

  describe('with a network', () => {
    const lb = '-g net --lb-name front';
    const balancer = () => kept(world.resources.loadBalancers, 'front')?.properties;

    it('makes a network with a door and a wall, and reads them back', async () => {
      await az('group create', '-n net -l koreacentral');
      await Promise.all([
        az('network vnet create', '-g net -n home --subnet-name nodes'),
        az('network public-ip create', '-g net -n door --sku Standard'),
        az('network nsg create', '-g net -n walls'),
      ]);
      const { virtualNetworks, publicIPAddresses, networkSecurityGroups } = world.resources;
      for (const map of [virtualNetworks, publicIPAddresses, networkSecurityGroups]) assert.equal(map.size, 1);
      const lists = await Promise.all([
        az<readonly Named[]>('network vnet list', '-g net'),
        az<readonly Named[]>('network vnet subnet list', '-g net --vnet-name home'),
        az<readonly Named[]>('network public-ip list', '-g net'),
        az<readonly Named[]>('network nsg list', '-g net'),
      ]);
      assert.deepEqual(lists.map(names), [['home'], ['nodes'], ['door'], ['walls']]);
      await az('network nsg delete', '-g net -n walls');
      assert.equal(networkSecurityGroups.size, 0);
    });

    it('makes a load balancer by a template, and its parts one by one', async () => {
      await az(
        'network lb create',
        '-g net -n front --sku Standard --public-ip-address door --backend-pool-name pool --frontend-ip-name entry',
      );
      assert.deepEqual(names(balancer()?.backendAddressPools ?? []), ['pool']);
      await az('network lb address-pool create', `${lb} -n green`);
      await az('network lb probe create', `${lb} -n health --protocol Http --port 8080 --path /health`);
      const ports = '--protocol Tcp --frontend-port 80 --backend-port 8080';
      const parts = '--frontend-ip-name entry --backend-pool-name green --probe-name health';
      await az('network lb rule create', `${lb} -n web ${ports} ${parts}`);
      const [rule] = balancer()?.loadBalancingRules ?? [];
      assert.match(rule?.properties.backendAddressPool?.id ?? '', /\/green$/);
      assert.match(rule?.properties.probe?.id ?? '', /\/health$/);
      assert.equal(balancer()?.probes[0]?.properties.requestPath, '/health');
    });

    it('reads the balancer and its parts back', async () => {
      const lists = await Promise.all([
        az<readonly Named[]>('network lb list', '-g net'),
        az<readonly Named[]>('network lb address-pool list', lb),
        az<readonly Named[]>('network lb probe list', lb),
        az<readonly Named[]>('network lb rule list', lb),
        az<readonly Named[]>('network lb frontend-ip list', lb),
        az<readonly Named[]>('deployment group list', '-g net'),
      ]);
      assert.deepEqual(lists.slice(0, 5).map(names), [['front'], ['pool', 'green'], ['health'], ['web'], ['entry']]);
      assert.deepEqual(names(lists[5] ?? []), names([...world.resources.deployments.values()]));
      const rule = await az<{ backendPort: number }>('network lb rule show', `${lb} -n web`);
      assert.equal(rule.backendPort, 8080);
    });
  });

  describe('with a machine to make an image of', () => {
    const on = '-g net -n golden';
    const app = '-g net -r shop_gallery -i app';
    const machine = () => kept(world.resources.virtualMachines, 'golden');
    const version = () => kept(world.compute.versions, '3.0.0');

    it('makes a machine on an interface, and a snapshot of its disk', async () => {
      await az('network nic create', '-g net -n nic --vnet-name home --subnet nodes');
      await az(
        'rest',
        `--method put --url ${group('net')}/providers/Microsoft.Compute/virtualMachines/golden?api-version=2024-07-01`,
        '--body',
        JSON.stringify(goldenMachine),
      );
      await az('vm wait', `${on} --created --interval 1`);
      const [nics, machines, shown, disks] = await Promise.all([
        az<readonly Named[]>('network nic list', '-g net'),
        az<readonly Named[]>('vm list', '-g net'),
        az<{ vmId: string }>('vm show', on),
        az<readonly Named[]>('disk list', '-g net'),
      ]);
      assert.deepEqual([nics, machines, disks].map(names), [['nic'], ['golden'], ['golden-disk']]);
      assert.equal(shown.vmId, machine()?.vmId);
      await az('snapshot create', '-g net -n before --source golden-disk');
      const snapshots = await az<readonly Named[]>('snapshot list', '-g net');
      assert.deepEqual([names(snapshots), world.resources.snapshots.size], [['before'], 1]);
    });

    it('makes a managed image of the machine, once it is off and generalized', async () => {
      await az('vm deallocate', on);
      await az('vm generalize', on);
      assert.deepEqual([machine()?.power, machine()?.generalized], ['deallocated', true]);
      await az('image create', `${on} --source golden`);
      const [listed, shown] = await Promise.all([
        az<readonly Named[]>('image list', '-g net'),
        az<{ provisioningState: string }>('image show', on),
      ]);
      assert.deepEqual([names(listed), shown.provisioningState], [['golden'], 'Succeeded']);
      assert.equal(kept(world.compute.images, 'golden')?.sourceId, machine()?.id);
    });

    it('publishes the image as a version of a gallery', async () => {
      const { galleries, definitions } = world.compute;
      await az('sig create', '-g net -r shop_gallery -l koreacentral');
      assert.ok(kept(galleries, 'shop_gallery'));
      const traits = '--publisher shop --offer app --sku one --os-type Linux --hyper-v-generation V1';
      await az('sig image-definition create', `${app} ${traits} -l koreacentral`);
      assert.ok(kept(definitions, 'app'));
      const image = `--managed-image ${group('net')}/providers/Microsoft.Compute/images/golden`;
      await az('sig image-version create', `${app} -e 3.0.0 ${image} --target-regions koreacentral=2 japaneast`);
      assert.deepEqual([...(version()?.replicas.keys() ?? [])], ['koreacentral', 'japaneast']);
      assert.equal(version()?.provisioningState, 'Succeeded');
    });

    it('reads gallery, definition and version, and takes the version out of the latest', async () => {
      const [all, definitions, definition, versions, one] = await Promise.all([
        az<readonly Named[]>('sig list', '-g net'),
        az<readonly Named[]>('sig image-definition list', '-g net -r shop_gallery'),
        az<{ osType: string }>('sig image-definition show', app),
        az<readonly Named[]>('sig image-version list', app),
        az<{ publishingProfile: { targetRegions: readonly Named[] } }>('sig image-version show', `${app} -e 3.0.0`),
      ]);
      assert.deepEqual([all, definitions, versions].map(names), [['shop_gallery'], ['app'], ['3.0.0']]);
      assert.equal(definition.osType, 'Linux');
      assert.deepEqual(names(one.publishingProfile.targetRegions), ['koreacentral', 'japaneast']);
      await az('sig image-version update', `${app} -e 3.0.0 --set publishingProfile.excludeFromLatest=true`);
      assert.match(JSON.stringify(version()?.properties), /"excludeFromLatest":true/);
    });

    it('deletes version, definition, gallery, image, machine and snapshot', async () => {
      await az('sig image-version delete', `${app} -e 3.0.0`);
      await az('sig image-definition delete', app);
      await az('sig delete', '-g net -r shop_gallery');
      assert.equal(kept(world.compute.galleries, 'shop_gallery'), undefined);
      await Promise.all([
        az('image delete', on),
        az('vm delete', `${on} --yes`),
        az('snapshot delete', '-g net -n before'),
      ]);
      assert.deepEqual(
        [kept(world.compute.images, 'golden'), machine(), world.resources.snapshots.size],
        [undefined, undefined, 0],
      );
    });
  });

  describe('after all of that', () => {
    it('sees all that is left in the subscription', async () => {
      const [resources, providers] = await Promise.all([
        az<readonly Named[]>('resource list', '-g net'),
        az<readonly { namespace: string }[]>('provider list'),
      ]);
      assert.deepEqual(names(resources).sort(), ['door', 'front', 'golden-disk', 'home', 'nic']);
      assert.ok(providers.some(({ namespace }) => namespace === 'Microsoft.Compute'));
    });

    it('reaches no other host: what it asks azure.microsoft.com after an error is refused', () => {
      const reached = azure.connects.filter(({ outcome }) => outcome === 'tunnelled').map(({ host }) => host);
      assert.deepEqual(new Set(reached), new Set(['login.microsoftonline.com', 'management.azure.com']));
    });

    it('has been asked for eighty different things at least', () =>
      assert.ok(az.commands.size >= 80, `${az.commands.size}`));
  });
});

const goldenMachine = {
  location: 'koreacentral',
  properties: {
    hardwareProfile: { vmSize: 'Standard_D2s_v5' },
    storageProfile: {
      imageReference: { publisher: 'Debian', offer: 'debian-12', sku: '12', version: 'latest' },
      osDisk: { name: 'golden-disk', createOption: 'FromImage', managedDisk: { storageAccountType: 'Premium_LRS' } },
    },
    osProfile: { computerName: 'golden', adminUsername: 'azureuser', adminPassword: 'Only-for-a-test-1' },
    networkProfile: {
      networkInterfaces: [{ id: `${group('net')}/providers/Microsoft.Network/networkInterfaces/nic` }],
    },
  },
};
