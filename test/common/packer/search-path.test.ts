import assert from 'node:assert/strict';
import { foldersOnPath, valueIn } from '../../../tasks/common/packer/search-path.ts';

describe('foldersOnPath', () => {
  const cases = [
    { platform: 'linux', PATH: '/a b:/usr/bin', folders: ['/a b', '/usr/bin'] },
    { platform: 'linux', PATH: ':bin::./x:/usr/bin:', folders: ['/usr/bin'] },
    {
      platform: 'darwin',
      PATH: '/opt/homebrew/bin:/private/var/도구 🚀',
      folders: ['/opt/homebrew/bin', '/private/var/도구 🚀'],
    },
    { platform: 'win32', PATH: 'C:\\Program Files\\Packer;D:/도구', folders: ['C:\\Program Files\\Packer', 'D:/도구'] },
    { platform: 'win32', PATH: '"C:\\a;b";;"C:\\Program Files"\\x', folders: ['C:\\a;b', 'C:\\Program Files\\x'] },
    { platform: 'win32', PATH: '\\\\server\\share\\bin', folders: ['\\\\server\\share\\bin'] },
    { platform: 'win32', PATH: 'C:bin;bin;.\\bin;\\bin;C:\\bin', folders: ['C:\\bin'] },
    { platform: 'win32', PATH: '', folders: [] },
  ];
  for (const { platform, PATH, folders } of cases)
    it(`reads ${PATH || 'nothing'} as ${platform} does`, () =>
      assert.deepEqual(foldersOnPath(platform, { PATH }), folders));

  it('finds PATH in any case on Windows, and there alone', () => {
    assert.deepEqual(foldersOnPath('win32', { Path: 'C:\\x' }), ['C:\\x']);
    assert.deepEqual(foldersOnPath('linux', { Path: '/x' }), []);
    assert.equal(valueIn('win32', { Agent_ToolsDirectory: 'D:\\t' }, 'AGENT_TOOLSDIRECTORY'), 'D:\\t');
  });
});
