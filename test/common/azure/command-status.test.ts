import assert from 'node:assert/strict';
import type { VirtualMachineRunCommand } from '@azure/arm-compute';
import { emptied, isThere, statusOf } from '../../../tasks/common/azure/command-status.ts';

const command = (changes: Partial<VirtualMachineRunCommand>): VirtualMachineRunCommand => ({
  location: 'koreacentral',
  provisioningState: 'Succeeded',
  instanceView: { executionState: 'Succeeded', exitCode: 0, output: 'done' },
  ...changes,
});

describe('statusOf', () => {
  it('tells how a command has ended, with both streams', () => {
    const instanceView = { executionState: 'Failed', exitCode: 3, output: 'out', error: 'err' };
    const expected = { kind: 'ended', exitCode: 3, state: 'Failed', output: 'out\nerr' };
    assert.deepEqual(statusOf(command({ instanceView })), expected);
  });

  for (const executionState of ['Unknown', 'Pending', 'Running'])
    it(`takes ${executionState} for running`, () =>
      assert.deepEqual(statusOf(command({ instanceView: { executionState } })), { kind: 'running' }));

  it('takes one without a view for running', () => {
    const { instanceView: _none, ...bare } = command({});
    assert.deepEqual(statusOf(bare), { kind: 'running' });
  });

  it('does not count what one says that is being removed', () => {
    const leaving = command({ provisioningState: 'Deleting' });
    assert.deepEqual([statusOf(leaving), isThere(leaving)], [{ kind: 'leaving' }, false]);
  });

  it('takes an emptied one for gone once that is delivered', () => {
    assert.deepEqual(statusOf(command({ tags: emptied, provisioningState: 'Updating' })), { kind: 'leaving' });
    assert.deepEqual(statusOf(command({ tags: emptied })), { kind: 'none' });
    assert.equal(isThere(command({ tags: emptied })), false);
  });

  it('takes the word of an emptied one for no answer of the script that it has got since', () => {
    const instanceView = { executionState: 'Succeeded', exitCode: 0, output: 'phoenix-emptied\n' };
    assert.deepEqual(statusOf(command({ instanceView, tags: {} })), { kind: 'running' });
  });
});
