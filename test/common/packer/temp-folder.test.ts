import assert from 'node:assert/strict';
import { withTempFolder } from '../../../tasks/common/packer/temp-folder.ts';

describe('withTempFolder', () => {
  const there = (path: string) => !path.includes('gone');
  const cases = [
    { platform: 'linux', environment: {}, is: {} },
    { platform: 'linux', environment: { TMPDIR: '/var/x' }, is: { TMPDIR: '/var/x' } },
    { platform: 'darwin', environment: { TMPDIR: '/private/var/gone' }, is: {} },
    { platform: 'linux', environment: { TMPDIR: '' }, is: { TMPDIR: '' } },
    { platform: 'win32', environment: { Temp: 'C:\\gone', TMP: 'C:\\t' }, is: { TMP: 'C:\\t' } },
    { platform: 'win32', environment: { TEMP: 'C:\\gone', TMP: 'C:\\gone' }, is: {} },
  ];
  for (const { platform, environment, is } of cases)
    it(`makes ${JSON.stringify(is)} of ${JSON.stringify(environment)} on ${platform}`, () =>
      assert.deepEqual(withTempFolder(platform, environment, '/agent/_temp', there), is));

  it('gives the folder of the agent where not even /tmp is there', () =>
    assert.deepEqual(
      withTempFolder('linux', {}, '/agent/_temp', () => false),
      { TMPDIR: '/agent/_temp' },
    ));
});
