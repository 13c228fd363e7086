import assert from 'node:assert/strict';
import { abandonment, interruption, treeEnder } from '../../../tasks/common/packer/stop.ts';

describe('how a program is stopped', () => {
  const systems = [
    {
      platform: 'linux',
      cancel: ['interrupt its group', 'nothing'],
      timeout: ['interrupt its group', 'kill its group'],
    },
    {
      platform: 'darwin',
      cancel: ['interrupt its group', 'nothing'],
      timeout: ['interrupt its group', 'kill its group'],
    },
    // The agent's own Ctrl+C has reached it by the console that it shares with us.
    { platform: 'win32', cancel: ['nothing', 'nothing'], timeout: ['end its tree', 'end its tree'] },
  ];
  for (const { platform, ...acts } of systems)
    for (const reason of ['cancel', 'timeout'] as const)
      it(`after a ${reason} on ${platform}: ${acts[reason].join(', then ')}`, () =>
        assert.deepEqual([interruption(platform, reason), abandonment(platform, reason)], acts[reason]));

  const roots = [
    [{ SystemRoot: 'D:\\Win dows' }, 'D:\\Win dows\\System32\\taskkill.exe'],
    [{ SYSTEMROOT: 'C:\\WINNT' }, 'C:\\WINNT\\System32\\taskkill.exe'],
    [{}, 'C:\\Windows\\System32\\taskkill.exe'],
  ] as const;
  for (const [environment, program] of roots)
    it(`ends a tree on Windows by ${program}, whatever PATH is`, () =>
      assert.deepEqual(treeEnder(7, environment), { program, args: ['/pid', '7', '/T', '/F'] }));
});
