import assert from 'node:assert/strict';
import { readInputs } from '../../../tasks/common/agent/read-inputs.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { readRequest as readRollback } from '../../../tasks/RollbackScaleSet/inputs.ts';
import { readRequest as readUpgrade } from '../../../tasks/UpgradeScaleSetNodes/inputs.ts';
import { newImage } from '../../support/fleet-picture.ts';

type Values = Readonly<Record<string, string>>;

const given: Values = { resourceGroupName: 'web', vmssName: 'shop', imageVersionId: newImage };
const inputs = (values: Values) =>
  readInputs((name) => ({ ...given, ...values })[name], { workFolder: '/work', exists: () => true });
const upgrade = (values: Values = {}) => readUpgrade(inputs(values), (path) => `text of ${path}`);
const rollback = (values: Values = {}) => readRollback(inputs(values), (path) => `text of ${path}`);

describe('inputs of an upgrade', () => {
  it('have defaults that are safe for any set', () => {
    const { set, nodes, maxUnavailable, limits, onDrainTimeout, takeover, drain } = upgrade();
    assert.deepEqual(set, { resourceGroup: 'web', name: 'shop' });
    assert.deepEqual(
      [nodes, maxUnavailable],
      [
        { kind: 'percent', percent: 100, text: '100%' },
        { kind: 'percent', percent: 20, text: '20%' },
      ],
    );
    assert.deepEqual(limits, {
      maxFailedNodes: 0,
      minReadyMs: 30_000,
      nodeHealthTimeoutMs: 600_000,
      progressDeadlineMs: 1_800_000,
    });
    assert.deepEqual([onDrainTimeout, takeover, drain], ['fail', false, undefined]);
  });

  it('name nodes by number, zone or name in place of how many', () => {
    assert.deepEqual(upgrade({ nodes: 'ids:3,7' }).nodes, { kind: 'ids', ids: ['3', '7'], text: 'ids:3,7' });
    assert.deepEqual(upgrade({ nodes: 'zone:1' }).nodes, { kind: 'zone', zone: '1', text: 'zone:1' });
  });

  it('stop nowhere in between unless told to', () => {
    assert.deepEqual(upgrade().checkpoints, []);
    const { checkpoints, bakeMs } = upgrade({ checkpoints: '1, 10%,50 %', bakeTime: '90s' });
    const shares = [10, 50].map((percent) => ({ kind: 'percent', percent }));
    assert.deepEqual([checkpoints, bakeMs], [[{ kind: 'count', count: 1 }, ...shares], 90_000]);
  });

  it('leave autoscale alone and want the policy Manual unless told otherwise', () => {
    const { autoscale, upgradePolicy } = upgrade();
    assert.deepEqual([autoscale, upgradePolicy], ['keep', 'requireManual']);
    const told = rollback({ autoscale: 'pause', upgradePolicy: 'switchToManual' });
    assert.deepEqual([told.autoscale, told.upgradePolicy], ['pause', 'switchToManual']);
  });

  it('have no deadline of the job unless one is given', () => {
    assert.deepEqual([upgrade().jobDeadlineMs, upgrade({ jobDeadline: '50m' }).jobDeadlineMs], [undefined, 3_000_000]);
  });

  it('carry the scripts by their text, so that they are read once', () => {
    const { drain } = upgrade({ drainScript: 'ops/drain.sh', undrainScript: 'ops/undrain.sh', drainTimeout: '90s' });
    assert.deepEqual(drain, {
      drain: 'text of /work/ops/drain.sh',
      undrain: 'text of /work/ops/undrain.sh',
      timeoutMs: 90_000,
    });
  });

  it('carry scripts of an editor on Windows as a shell reads them', () => {
    const written = '\ufeff#!/bin/sh\r\nphoenix-drain start\r\n';
    const { drain } = readUpgrade(inputs({ drainScript: 'a', undrainScript: 'b' }), () => written);
    assert.deepEqual([drain?.drain, drain?.undrain], Array(2).fill('#!/bin/sh\nphoenix-drain start\n'));
  });

  const refused: readonly (readonly [string, Values, string, RegExp])[] = [
    ['chosen nodes that are not well formed', { nodes: 'ids:a' }, 'InvalidInput', /Input "nodes" is "ids:a"/],
    ['a checkpoint at the end', { checkpoints: '10%, 100%' }, 'InvalidInput', /Input "checkpoints" is "10%, 100%"/],
    ['checkpoints of chosen nodes', { checkpoints: '1', nodes: 'zone:1' }, 'ContradictoryInputs', /"nodes" names/],
    [
      'a checkpoint that no run gets past',
      { checkpoints: '1', bakeTime: '1h', jobDeadline: '50m' },
      'ContradictoryInputs',
      /"bakeTime" is "1h", which is not shorter than jobDeadline/,
    ],
    ['no node at all', { nodes: '0' }, 'InputOutOfRange', /Input "nodes" is "0"/],
    ['no node that may be away', { maxUnavailable: '0%' }, 'InputOutOfRange', /Input "maxUnavailable" is "0%"/],
    ['a share above all', { maxUnavailable: '120%' }, 'InputOutOfRange', /"120%"/],
    ['words for a number', { maxFailedNodes: 'lots' }, 'InvalidInput', /Input "maxFailedNodes" is "lots"/],
    ['a negative number', { minReadySeconds: '-1' }, 'InputOutOfRange', /"-1"/],
    ['an unknown choice', { onDrainTimeout: 'hope' }, 'InvalidInput', /Input "onDrainTimeout" is "hope"/],
    [
      'a variable that was not set',
      { vmssName: '$(setName)' },
      'VariableNotSet',
      /Input "vmssName" is "\$\(setName\)"/,
    ],
    ['an empty name', { vmssName: ' ' }, 'InputMissing', /Input "vmssName" is empty/],
    ['latest', { imageVersionId: newImage.replace('2.0.0', 'latest') }, 'ImageVersionNotConcrete', /latest/],
    [
      'a definition',
      { imageVersionId: newImage.replace('/versions/2.0.0', '') },
      'ImageVersionNotConcrete',
      /definition/,
    ],
    [
      'a health timeout that no node can meet',
      { nodeHealthTimeout: '20s' },
      'ContradictoryInputs',
      /"20s".*minReadySeconds 30/,
    ],
    [
      'a deadline before the first node may be ready',
      { progressDeadline: '5m' },
      'ContradictoryInputs',
      /"5m".*nodeHealthTimeout 10m/,
    ],
    ['an undrain script alone', { undrainScript: 'u.sh' }, 'ContradictoryInputs', /undrainScript/],
    [
      'a drain longer than the rollout may go without progress',
      { drainScript: 'd.sh', drainTimeout: '40m' },
      'ContradictoryInputs',
      /drainTimeout.*progressDeadline/,
    ],
    ['a drain longer than a run command may last', { drainTimeout: '2h' }, 'InputOutOfRange', /"2h"/],
  ];
  for (const [what, values, code, message] of refused)
    it(`are refused with ${what}`, () =>
      assert.throws(
        () => upgrade(values),
        (error) => error instanceof Failure && error.code === code && message.test(error.message),
      ));
});

describe('inputs of a rollback', () => {
  it('lead to the recorded image unless they name one', () => {
    assert.equal(rollback().to, undefined);
    assert.equal(rollback({ to: 'Previous' }).to, undefined);
    assert.equal(rollback({ to: newImage }).to, newImage);
    assert.throws(() => rollback({ to: 'yesterday' }), { code: 'InvalidInput' });
  });
});
