import assert from 'node:assert/strict';
import type { Json } from '../../core/http.ts';
import { at, list, object } from '../../core/json.ts';
import { addVhd } from '../../resources/disks/vhds.ts';
import { makeMachine } from '../../resources/support.ts';
import { type Bench, codeOf, messageOf, openBench } from '../../support.ts';

const compute = '/resourceGroups/build/providers/Microsoft.Compute';
const location = 'koreacentral';
const vhd = 'https://store.blob.core.windows.net/images/os.vhd';

describe('managed images from every source', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench({ rateLimits: false });
    bench.arm('PUT /resourceGroups/build', { location });
  });
  afterEach(() => bench.close());

  const id = (path: string) => `${bench.subscription}${compute}/${path}`;
  const shown = (path: string) => object(bench.arm(`GET ${compute}/${path}`).body);
  const content = (name: string) => bench.world.compute.images.get(id(`images/${name}`).toLowerCase())?.disk?.content;
  const osDisk = (source: Json): Json => ({
    storageProfile: { osDisk: { osType: 'Linux', osState: 'Generalized', ...source } },
  });
  const make = (name: string, properties: Json) =>
    bench.finish(`PUT ${compute}/images/${name}`, { location, properties });
  const refuse = (properties: Json, status: number, code: string, words: RegExp) => {
    const answer = bench.arm(`PUT ${compute}/images/bad`, { location, properties });
    assert.deepEqual([answer.status, codeOf(answer)], [status, code]);
    assert.match(messageOf(answer), words);
  };
  /** A machine that is off, and what has been written on its disk. */
  const machineOff = (written: string) => {
    const path = makeMachine(bench, 'build', 'vm');
    bench.finish(`POST ${path}/deallocate`);
    const key = `${bench.subscription}${path}`.toLowerCase();
    bench.world.machines.reimage({ id: key, name: 'vm', disk: { content: written } }, () => {});
    bench.pass(200_000);
    bench.world.machines.stop(key, () => {});
    bench.pass(100_000);
    return path;
  };
  const diskOf = (machine: string) =>
    String(at(bench.arm(`GET ${machine}`).body, 'properties', 'storageProfile', 'osDisk', 'managedDisk', 'id'));

  it('keep what a machine that is off has written, by its own disk and by a snapshot of it', () => {
    const managedDisk = { id: diskOf(machineOff('baked')) };
    const creationData = { createOption: 'Copy', sourceResourceId: managedDisk.id };
    bench.finish(`PUT ${compute}/snapshots/shot`, { location, properties: { creationData } });
    const snapshot = { id: id('snapshots/shot') };
    assert.equal(make('of-disk', osDisk({ managedDisk })).status, 'Succeeded');
    assert.equal(make('of-snapshot', osDisk({ snapshot })).status, 'Succeeded');
    assert.deepEqual(['of-disk', 'of-snapshot'].map(content), ['baked', 'baked']);
    const { sourceVirtualMachine, storageProfile } = object(shown('images/of-snapshot')['properties']);
    assert.deepEqual([sourceVirtualMachine, at(storageProfile, 'osDisk', 'snapshot')], [undefined, snapshot]);
  });

  it('keep it when the machine has gone and left its disk', () => {
    const machine = machineOff('left behind');
    const managedDisk = { id: diskOf(machine) };
    bench.finish(`DELETE ${machine}`);
    make('late', osDisk({ managedDisk }));
    assert.equal(content('late'), 'left behind');
  });

  it('of the disk of a machine that runs have what that disk was made from', () => {
    const machine = makeMachine(bench, 'build', 'vm');
    make('early', osDisk({ managedDisk: { id: diskOf(machine) } }));
    assert.equal(content('early'), 'base');
  });

  it('are made from a blob, with data disks, and show both', () => {
    addVhd(bench.world, vhd, { content: { content: 'blob' } });
    addVhd(bench.world, `${vhd}.data`);
    const dataDisks = [{ lun: 1, blobUri: `${vhd}.data` }];
    const { storageProfile } = osDisk({ blobUri: vhd });
    const body = { storageProfile: { ...object(storageProfile), dataDisks }, hyperVGeneration: 'V2' };
    assert.equal(make('of-blob', body).status, 'Succeeded');
    assert.equal(content('of-blob'), 'blob');
    const { properties } = shown('images/of-blob');
    assert.deepEqual(at(properties, 'storageProfile', 'dataDisks'), dataDisks);
    assert.equal(at(properties, 'hyperVGeneration'), 'V2');
  });

  it('are refused without one source, or with one that is not as it must be', () => {
    addVhd(bench.world, vhd, { location: 'eastus' });
    refuse({}, 400, 'InvalidParameter', /has one source/);
    refuse(
      { ...osDisk({ blobUri: vhd }), sourceVirtualMachine: { id: 'x' } },
      400,
      'InvalidParameter',
      /has one source/,
    );
    refuse(osDisk({ blobUri: vhd }), 400, 'InvalidParameter', /eastus/);
    refuse(osDisk({ blobUri: `${vhd}x` }), 400, 'InvalidParameter', /not found/);
    refuse(osDisk({ snapshot: { id: id('snapshots/none') } }), 404, 'ResourceNotFound', /snapshots\/none/);
    refuse(
      osDisk({ managedDisk: { id: id('disks/none').slice(1) } }),
      400,
      'LinkedInvalidPropertyId',
      /fully qualified/,
    );
    refuse(osDisk({ blobUri: vhd, osState: 'Specialized' }), 400, 'InvalidParameter', /Generalized/);
    refuse({ storageProfile: { osDisk: { osState: 'Generalized', blobUri: vhd } } }, 400, 'InvalidParameter', /osType/);
    addVhd(bench.world, vhd);
    const { storageProfile } = osDisk({ blobUri: vhd });
    const dataDisks = [{ lun: 1, blobUri: `${vhd}.none` }];
    refuse({ storageProfile: { ...object(storageProfile), dataDisks } }, 400, 'InvalidParameter', /vhd\.none/);
  });

  it('keep their source when they are written again; tags may change', () => {
    addVhd(bench.world, vhd);
    make('one', osDisk({ blobUri: vhd }));
    const path = `${compute}/images/one`;
    const other = bench.arm(`PUT ${path}`, { location, properties: osDisk({ blobUri: `${vhd}x` }) });
    assert.deepEqual([other.status, codeOf(other)], [409, 'PropertyChangeNotAllowed']);
    assert.equal(bench.finish(`PATCH ${path}`, { tags: { kept: 'yes' } }).status, 'Succeeded');
    assert.equal(bench.finish(`PUT ${path}`, { location, properties: osDisk({ blobUri: vhd }) }).status, 'Succeeded');
    assert.deepEqual(shown('images/one')['tags'], { kept: 'yes' });
    assert.equal(list(object(bench.arm(`GET ${compute}/images`).body)['value']).length, 1);
  });
});
