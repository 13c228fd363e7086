import assert from 'node:assert/strict';
import { withTempFolder } from '../../../tasks/common/packer/temp-folder.ts';

describe('withTempFolder', () => {
  const there = (path: string) => !path.includes('gone');
  const cases = [
    { platform: 'linux', environment: {}, is: {} },
    { platform: 'linux', environment: { TMPDIR: '/tmp' }, is: { TMPDIR: '/tmp' } },
    { platform: 'darwin', environment: { TMPDIR: '/private/var/gone' }, is: { TMPDIR: '/agent/_temp' } },
    { platform: 'linux', environment: { TMPDIR: '' }, is: { TMPDIR: '' } },
    { platform: 'win32', environment: { TEMP: 'C:\\gone', TMP: 'C:\\t' }, is: { TEMP: '/agent/_temp', TMP: 'C:\\t' } },
  ];
  for (const { platform, environment, is } of cases)
    it(`makes ${JSON.stringify(is)} of ${JSON.stringify(environment)} on ${platform}`, () =>
      assert.deepEqual(withTempFolder(platform, environment, '/agent/_temp', there), is));
});
