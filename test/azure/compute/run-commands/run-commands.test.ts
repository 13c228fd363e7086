import assert from 'node:assert/strict';
import type { VirtualOptions } from '../../machines/virtual/options.ts';
import { addGalleryVersion, addScaleSet } from '../builders.ts';
import { all, assertRefused, bodyOf, openStage, type Stage, shop } from '../support.ts';

describe('run commands on an instance', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const open = (script: VirtualOptions['script'], settings: Parameters<typeof openStage>[0] = {}) => {
    stage = openStage({ rateLimits: false, ...settings }, script ? { script } : {});
    const one = addGalleryVersion(stage.world, { version: '1.0.0' });
    addScaleSet(stage.world, { name: 'shop', image: one.id, capacity: 2 });
    return stage;
  };
  const put = (properties: object) =>
    stage.call('PUT', `${shop}/virtualMachines/0/runCommands/drain`, { location: 'koreacentral', properties });
  const view = () => {
    const answer = stage.call('GET', `${shop}/virtualMachines/0/runCommands/drain?$expand=instanceView`);
    return (bodyOf(answer)['properties'] as { instanceView: Record<string, unknown> }).instanceView;
  };
  const source = { script: 'phoenix-drain start' };

  describe('managed', () => {
    it('runs the script with its parameters and tells exit code and streams', async () => {
      const seen: unknown[] = [];
      const { sdk, play } = open((machine, script) => {
        seen.push([machine.name, script.lines, script.parameters, script.timeoutS]);
        return { exitCode: 3, output: 'left: 0', error: 'warned' };
      });
      const command = {
        location: 'koreacentral',
        source,
        parameters: [{ name: 'NODE', value: '0' }],
        protectedParameters: [{ name: 'KEY', value: 's3cret' }],
        timeoutInSeconds: 60,
      };
      const made = await play(
        sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'drain', command),
      );
      assert.deepEqual([made.provisioningState, made.protectedParameters], ['Succeeded', undefined]);
      assert.deepEqual(seen, [['shop000000', 'phoenix-drain start', { NODE: '0', KEY: 's3cret' }, 60]]);
      const read = await play(
        sdk.virtualMachineScaleSetVMRunCommands.get('web', 'shop', '0', 'drain', { expand: 'instanceView' }),
      );
      const { executionState, exitCode, output, error } = read.instanceView ?? {};
      assert.deepEqual([executionState, exitCode, output, error], ['Failed', 3, 'left: 0', 'warned']);
    });

    it('keeps the last 4 KB of a stream, and the view for those who ask', async () => {
      const { sdk, play } = open(() => ({ output: `${'a'.repeat(5000)}end` }));
      await play(
        sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'drain', {
          location: 'koreacentral',
          source,
        }),
      );
      assert.equal(String(view()['output']).length, 4096);
      assert.equal(String(view()['output']).endsWith('end'), true);
      const plain = await play(sdk.virtualMachineScaleSetVMRunCommands.get('web', 'shop', '0', 'drain'));
      assert.equal(plain.instanceView, undefined);
    });

    it('waits for the script, or with asyncExecution only for its start', async () => {
      const { sdk, play } = open(() => ({ afterMs: 120_000 }));
      const at = Date.now();
      await play(
        sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'drain', {
          location: 'koreacentral',
          source,
        }),
      );
      assert.equal(Date.now() - at >= 120_000, true);
      const again = Date.now();
      await play(
        sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'drain', {
          location: 'koreacentral',
          source,
          asyncExecution: true,
        }),
      );
      assert.equal(Date.now() - again < 30_000, true);
      assert.equal(view()['executionState'], 'Running');
    });

    it('ends as TimedOut when the script outlasts its time', async () => {
      const { pass } = open(() => 'hangs');
      put({ source, timeoutInSeconds: 30 });
      await pass(31_000);
      assert.equal(view()['executionState'], 'TimedOut');
    });

    it('fails the deployment for a failing script only if told to', async () => {
      const { sdk, play } = open(() => ({ exitCode: 1 }));
      const body = { location: 'koreacentral', source, treatFailureAsDeploymentFailure: true };
      const failure = await play(
        sdk.virtualMachineScaleSetVMRunCommands
          .createOrUpdate('web', 'shop', '0', 'drain', body)
          .catch((error) => error),
      );
      assert.match(failure.message, /VMExtensionProvisioningError/);
    });

    it('is stopped by its deletion, and several run side by side', async () => {
      const { sdk, play } = open(() => 'hangs');
      put({ source, asyncExecution: true });
      await play(
        sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'other', {
          location: 'koreacentral',
          source,
          asyncExecution: true,
        }),
      );
      await play(sdk.virtualMachineScaleSetVMRunCommands.delete('web', 'shop', '0', 'drain'));
      const left = await play(all(sdk.virtualMachineScaleSetVMRunCommands.list('web', 'shop', '0')));
      assert.deepEqual(
        left.map(({ name }) => name),
        ['other'],
      );
    });

    for (const replays of [true, false])
      it(`on a fresh disk is ${replays ? 'executed again' : 'left alone'} when runCommandsReplayOnReimage is ${replays}`, async () => {
        let runs = 0;
        const { sdk, play } = open(() => ({ exitCode: runs++ }), { runCommandsReplayOnReimage: replays });
        await play(
          sdk.virtualMachineScaleSetVMRunCommands.createOrUpdate('web', 'shop', '0', 'drain', {
            location: 'koreacentral',
            source,
          }),
        );
        await play(sdk.virtualMachineScaleSetVMs.reimage('web', 'shop', '0'));
        assert.equal(runs, replays ? 2 : 1);
      });

    it('that runs when the disk goes has failed, and its operation ends', async () => {
      const { pass, call } = open(() => 'hangs', { runCommandsReplayOnReimage: false });
      const operation = put({ source }).headers?.['Azure-AsyncOperation'] ?? '';
      call('POST', `${shop}/virtualMachines/0/reimage`, {});
      await pass(120_000);
      assert.equal(view()['executionState'], 'Failed');
      const path = operation.replace(/^.*subscriptions\/[^/]+\//, '').replace(/\?.*/, '');
      assert.equal(bodyOf(call('GET', path))['status'], 'Succeeded');
    });

    for (const [same, runs] of [
      ['runs', 2],
      ['ignored', 1],
    ] as const)
      it(`put twice without a change runs ${runs} times when the switch says ${same}`, async () => {
        let count = 0;
        const { pass } = open(() => ({ exitCode: count++ }), { runCommandSamePut: same });
        put({ source });
        await pass(10_000);
        put({ source });
        await pass(10_000);
        assert.equal(count, runs);
      });

    for (const [again, runs] of [
      ['neverRuns', 1],
      ['runs', 2],
    ] as const)
      it(`put again under the name of a deleted one runs ${runs} times when the switch says ${again}`, async () => {
        let count = 0;
        const { call, pass } = open(() => ({ exitCode: count++ }), { runCommandNameAgain: again });
        put({ source });
        await pass(10_000);
        call('DELETE', `${shop}/virtualMachines/0/runCommands/drain`);
        await pass(10_000);
        put({ source });
        await pass(10_000);
        assert.deepEqual([count, view()['executionState']], [runs, again === 'runs' ? 'Failed' : 'Pending']);
        call('DELETE', `${shop}/virtualMachines/0/runCommands/drain`);
        await pass(10_000);
        call('POST', `${shop}/virtualMachines/0/reimage`, {});
        await pass(120_000);
        put({ source });
        await pass(10_000);
        assert.equal(count, runs + 1);
      });

    for (const [deletion, state] of [
      ['works', 'Deleting'],
      ['fails', 'Succeeded'],
    ] as const)
      it(`is ${state} after a DELETE when the switch says that it ${deletion}, and a PUT may change its tags`, async () => {
        const { call, pass } = open(() => ({ exitCode: 0 }), { runCommandDelete: deletion });
        const path = `${shop}/virtualMachines/0/runCommands/drain`;
        put({ source });
        await pass(10_000);
        call('PUT', path, { location: 'koreacentral', tags: { mark: 'x' }, properties: { source } });
        await pass(10_000);
        const answer = call('DELETE', path);
        if (deletion === 'fails') assertRefused(answer, 500, 'InternalOperationError');
        const { tags, properties } = bodyOf(call('GET', path)) as { tags: object; properties: object };
        assert.deepEqual(
          [tags, 'provisioningState' in properties && properties.provisioningState],
          [{ mark: 'x' }, state],
        );
      });

    it('is Deleting until it is gone, and takes no write meanwhile', async () => {
      const { call, pass } = open(() => ({ exitCode: 0 }));
      const path = `${shop}/virtualMachines/0/runCommands/drain`;
      const state = () => (bodyOf(call('GET', path))['properties'] as { provisioningState: string }).provisioningState;
      put({ source, asyncExecution: true });
      call('DELETE', path);
      assert.equal(state(), 'Deleting');
      assertRefused(put({ source }), 409, 'Conflict');
      assertRefused(call('PATCH', path, { tags: { a: 'b' } }), 409, 'Conflict');
      await pass(1_999);
      assert.equal(state(), 'Deleting');
      await pass(2_000);
      assert.equal(call('GET', path).status, 404);
    });

    for (const shows of [true, false])
      it(`${shows ? 'shows' : 'does not show'} Updating on the instance when runCommandShowsUpdating is ${shows}`, async () => {
        const { call, pass } = open(() => ({ afterMs: 10_000 }), { runCommandShowsUpdating: shows });
        const state = () =>
          (bodyOf(call('GET', `${shop}/virtualMachines/0`))['properties'] as { provisioningState: string })
            .provisioningState;
        put({ source });
        assert.equal(state(), shows ? 'Updating' : 'Succeeded');
        await pass(15_000);
        assert.equal(state(), 'Succeeded');
      });

    it('is refused on a machine that does not run, or is being changed, and without a script', () => {
      const { call } = open(undefined);
      assertRefused(put({ source: { scriptUri: 'https://x' } }), 400, 'InvalidParameter', /source\.script/);
      call('POST', `${shop}/virtualMachines/0/reimage`, {});
      assertRefused(put({ source }), 409, 'Conflict');
      call('POST', `${shop}/virtualMachines/1/poweroff`, {});
    });

    it('is refused on a stopped machine', async () => {
      const { call, pass } = open(undefined);
      call('POST', `${shop}/virtualMachines/0/poweroff`, {});
      await pass(30_000);
      assertRefused(put({ source }), 409, 'OperationNotAllowed', /when the VM is not running/);
    });
  });

  describe('action', () => {
    const body = { commandId: 'RunShellScript', script: ['set -e', 'phoenix-drain status'] };

    it('gives both streams in one message, and succeeds though the script fails', async () => {
      const { sdk, play } = open((_machine, { lines }) => ({ exitCode: 9, output: lines, error: 'oops' }));
      const result = await play(sdk.virtualMachineScaleSetVMs.runCommand('web', 'shop', '0', body));
      const [value] = result.value ?? [];
      assert.equal(value?.code, 'ProvisioningState/succeeded');
      assert.equal(value?.message, 'Enable succeeded: \n[stdout]\nset -e\nphoenix-drain status\n[stderr]\noops');
    });

    it('is one at a time for each machine', async () => {
      const { call, pass } = open(() => ({ afterMs: 5_000 }));
      const run = (id: string) => call('POST', `${shop}/virtualmachines/${id}/runCommand`, body);
      assert.equal(run('0').status, 202);
      assertRefused(run('0'), 409, 'Conflict', /Run command extension execution is in progress/);
      assert.equal(run('1').status, 202);
      await pass(6_000);
      assert.equal(run('0').status, 202);
    });

    it('ends preempted when the machine gets a fresh disk', async () => {
      const { sdk, play, call } = open(() => 'hangs');
      const running = sdk.virtualMachineScaleSetVMs.runCommand('web', 'shop', '0', body).catch((error) => error);
      await stage.pass(1_000);
      call('POST', `${shop}/virtualMachines/0/reimage`, {});
      assert.match((await play(running)).message, /OperationPreempted/);
    });
  });
});
