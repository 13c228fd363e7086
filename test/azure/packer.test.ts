import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addGalleryVersion, addGroup, testSubscription } from './compute/builders.ts';
import { keyOf } from './core/ids.ts';
import {
  createWorld,
  type Directory,
  gates,
  handle,
  type RunningAzure,
  registerDirectory,
  registerJob,
  registerServiceConnection,
  startAzure,
  type World,
} from './index.ts';
import { whyNoRealMachines } from './machines/real/available.ts';
import { openRealMachines, type RealMachinesHost } from './machines/real/real-machines.ts';

const run = promisify(execFile);

/** What a failed build says is in the assertion; a good one is told by what it leaves behind. */
describe('Real Packer against the simulated Azure with real machines', function () {
  this.timeout(180_000);
  let host: RealMachinesHost;
  let world: World;
  let directory: Directory;
  let azure: RunningAzure;
  let folder: string;

  before(async function () {
    const reason = await whyNot();
    if (reason !== undefined) {
      assert.notEqual(process.env['REQUIRE_REAL'], '1', `REQUIRE_REAL=1, and ${reason}`);
      console.log(`    skipped: ${reason}`);
      this.skip();
    }
    host = await openRealMachines();
    world = createWorld({
      clock: { now: () => Date.now() },
      settings: { retryAfterS: 1, replicationMs: 1000 },
      machines: host.machines,
    });
    directory = registerDirectory(world, { subscriptionId: testSubscription });
    addGalleryVersion(world, { version: '0.9.0' });
    // Packer 1.6.6 bakes first generation images.
    for (const definition of world.compute.definitions.values())
      definition.properties = { ...definition.properties, hyperVGeneration: 'V1' };
    azure = await startAzure({ world });
    folder = await mkdtemp(join(tmpdir(), 'packer-test-'));
  });
  after(async () => {
    await azure?.close();
    await host?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const build = async (builder: object, inline: readonly string[], cancelAt?: RegExp) => {
    const template = join(folder, 'template.json');
    await writeFile(template, JSON.stringify(templateOf(directory, builder, inline)));
    return packer(template, { ...azure.environment, HOME: folder, ARM_CLIENT_SECRET: directory.secret }, cancelAt);
  };

  it('bakes a marketplace image into a managed image and a gallery version, and tidies up', async () => {
    const { code, output } = await build(
      { ...fromMarketplace, managed_image_name: 'one', shared_image_gallery_destination: gallery },
      ['id -u', 'echo baked > /opt/baked'],
    );
    assert.equal(code, 0, output);
    const images = `/subscriptions/${testSubscription}/resourcegroups/images/providers/microsoft.compute`;
    const image = world.compute.images.get(`${images}/images/one`);
    const version = world.compute.versions.get(`${images}/galleries/gallery/images/web/versions/1.0.0`);
    assert.notEqual(image?.disk?.content, 'base');
    assert.deepEqual(version?.disk, image?.disk);
    assert.deepEqual(left(world), { groups: ['images'], machines: 0, disks: 0, networks: 0, deployments: 0 });
  });

  it('starts the next layer from the image that it has baked', async () => {
    const { code, output } = await build(
      {
        custom_managed_image_name: 'one',
        custom_managed_image_resource_group_name: 'images',
        managed_image_name: 'two',
      },
      ['cat /opt/baked'],
    );
    assert.equal(code, 0, output);
    assert.match(output, /azure-arm: baked$/m);
  });

  it('leaves no image and nothing else when a provisioner fails', async () => {
    const { code, output } = await build({ ...fromMarketplace, managed_image_name: 'three' }, ['exit 7']);
    assert.equal(code, 1, output);
    assert.match(output, /exit status: 7/);
    assert.equal(
      [...world.compute.images.keys()].some((id) => id.endsWith('three')),
      false,
    );
    assert.deepEqual(left(world), { groups: ['images'], machines: 0, disks: 0, networks: 0, deployments: 0 });
  });

  it('signs in with an OIDC token of the pipeline service', async () => {
    const client_jwt = oidcToken(world, directory);
    const { code, output } = await build(
      { ...fromMarketplace, client_secret: '', client_jwt, managed_image_name: 'four' },
      ['true'],
    );
    assert.equal(code, 0, output);
  });

  it('tidies up when it is cancelled in the middle of its deployment', async () => {
    const { code, output } = await build(
      { ...fromMarketplace, managed_image_name: 'five' },
      ['true'],
      /Deploying deployment template/,
    );
    assert.equal(code, 1, output);
    assert.match(output, /Cleanly cancelled builds/);
    assert.deepEqual(left(world), { groups: ['images'], machines: 0, disks: 0, networks: 0, deployments: 0 });
  });

  it('builds from a gallery version in a group and a network that are there, and is not told the tenant', async () => {
    addNetwork(world, 'workshop');
    const { code, output } = await build(
      {
        tenant_id: undefined,
        location: undefined,
        shared_image_gallery: {
          subscription: testSubscription,
          resource_group: 'images',
          gallery_name: 'gallery',
          image_name: 'web',
          image_version: '1.0.0',
        },
        build_resource_group_name: 'workshop',
        virtual_network_name: 'home',
        virtual_network_subnet_name: 'nodes',
        virtual_network_resource_group_name: 'workshop',
        managed_image_name: 'six',
        managed_image_os_disk_snapshot_name: 'six_disk',
      },
      ['cat /opt/baked'],
    );
    assert.equal(code, 0, output);
    assert.match(output, /azure-arm: baked$/m);
    assert.deepEqual(
      [...world.resources.snapshots.values()].map(({ name }) => name),
      ['six_disk'],
    );
    // Packer 1.6.6 asks nobody to delete the disk of its machine in a group that is not its own.
    assert.deepEqual(left(world), {
      groups: ['images', 'workshop'],
      machines: 0,
      disks: 1,
      networks: 1,
      deployments: 0,
    });
  });

  it('asks for nothing beside the simulated hosts', async () => {
    assert.deepEqual(
      azure.connects.filter(({ outcome }) => outcome !== 'tunnelled'),
      [],
    );
    assert.equal((await readFile(azure.caFile, 'utf8')) === azure.caPem, true);
  });
});

const fromMarketplace = { image_publisher: 'Canonical', image_offer: 'ubuntu-24_04-lts', image_sku: 'server-gen1' };

const gallery = {
  resource_group: 'images',
  gallery_name: 'gallery',
  image_name: 'web',
  image_version: '1.0.0',
  replication_regions: ['Korea Central'],
};

function templateOf({ tenantId, clientId, subscriptionId }: Directory, builder: object, inline: readonly string[]) {
  return {
    variables: { secret: '{{env `ARM_CLIENT_SECRET`}}' },
    'sensitive-variables': ['secret'],
    builders: [
      {
        type: 'azure-arm',
        tenant_id: tenantId,
        client_id: clientId,
        client_secret: '{{user `secret`}}',
        subscription_id: subscriptionId,
        managed_image_resource_group_name: 'images',
        location: 'Korea Central',
        vm_size: 'Standard_B2s',
        os_type: 'Linux',
        ...builder,
      },
    ],
    provisioners: [{ type: 'shell', inline, execute_command: "chmod +x {{.Path}}; sudo -E sh '{{.Path}}'" }],
  };
}

/** A group with a network in it, made long ago. */
function addNetwork(world: World, group: string): void {
  const id = `${addGroup(world, group)}/providers/Microsoft.Network/virtualNetworks/home`;
  const subnet = { id: `${id}/subnets/nodes`, name: 'nodes', properties: { addressPrefix: '10.1.0.0/24' } };
  world.resources.virtualNetworks.set(keyOf(id), {
    id,
    name: 'home',
    type: 'Microsoft.Network/virtualNetworks',
    location: 'koreacentral',
    tags: {},
    resourceGuid: world.newId(),
    etag: 'W/"1"',
    sku: {},
    zones: [],
    properties: { addressSpace: { addressPrefixes: ['10.1.0.0/16'] }, subnets: [subnet] },
    provisioningState: 'Succeeded',
  });
}

/** What a build may leave behind: the group of images alone. */
const left = ({ resources }: World) => ({
  groups: [...resources.groups.values()].map(({ name }) => name),
  machines: resources.virtualMachines.size,
  disks: resources.disks.size,
  networks: resources.virtualNetworks.size + resources.networkInterfaces.size + resources.publicIPAddresses.size,
  deployments: resources.deployments.size,
});

/** As a job of the pipeline gets one, of a connection by the older issuer: Packer 1.6.6 wants its `x5t`. */
function oidcToken(world: World, { clientId }: Directory): string {
  const connectionId = 'c0ffee00-0000-4000-8000-000000000001';
  registerServiceConnection(world, connectionId, clientId, 'before2025');
  const job = registerJob(world, {
    collectionUri: 'https://dev.azure.com/phoenix-demo/',
    connectionIds: [connectionId],
  });
  const url = new URL(`${job.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${connectionId}`);
  const headers = { authorization: `Bearer ${job.accessToken}` };
  const { body } = handle(world, gates(), { method: 'POST', url, headers, body: '' });
  return (body as { oidcToken: string }).oidcToken;
}

async function whyNot(): Promise<string | undefined> {
  const hasPacker = await run('packer', ['version']).then(
    () => true,
    () => false,
  );
  return hasPacker ? whyNoRealMachines() : 'there is no packer on PATH (Debian: packer)';
}

/** Packer watches itself: its outer process hands SIGTERM on, and leaves SIGINT to the terminal. */
function packer(template: string, environment: Readonly<Record<string, string>>, cancelAt?: RegExp) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn('packer', ['build', '-color=false', template], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        const was = cancelAt?.test(output);
        output += String(chunk);
        if (!was && cancelAt?.test(output)) child.kill('SIGTERM');
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
