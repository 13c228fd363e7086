import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { readInputs } from '../../../tasks/common/agent/read-inputs.ts';

const systems = {
  windows: { path: win32, workFolder: 'D:\\a\\1\\s' },
  macOS: { path: posix, workFolder: '/private/var/작업 1/s' },
};
const inputs = (system: keyof typeof systems, value: string) =>
  readInputs(() => value, { ...systems[system], exists: (path) => !path.includes('missing') });

describe('paths of inputs, as each system writes them', () => {
  const cases = [
    { system: 'windows', value: 'my template.json', is: 'D:\\a\\1\\s\\my template.json' },
    { system: 'windows', value: 'packer/web.json', is: 'D:\\a\\1\\s\\packer\\web.json' },
    { system: 'windows', value: '..\\b\\이미지 🚀.json', is: 'D:\\a\\1\\b\\이미지 🚀.json' },
    { system: 'windows', value: 'C:\\Program Files\\x', is: 'C:\\Program Files\\x' },
    { system: 'windows', value: 'c:/x', is: 'c:\\x' },
    { system: 'windows', value: '\\\\server\\share\\a b', is: '\\\\server\\share\\a b' },
    { system: 'windows', value: '//server/share/x', is: '\\\\server\\share\\x' },
    { system: 'windows', value: '\\x', is: 'D:\\x' },
    { system: 'macOS', value: 'my template.json', is: '/private/var/작업 1/s/my template.json' },
    { system: 'macOS', value: '/Users/가 나/x', is: '/Users/가 나/x' },
    { system: 'macOS', value: 'C:x', is: '/private/var/작업 1/s/C:x' },
  ] as const;
  for (const { system, value, is } of cases)
    it(`reads ${value} on ${system}`, () => assert.equal(inputs(system, value).path('x'), is));

  for (const value of ['C:template.json', 'd:x', 'C:'])
    it(`refuses ${value}, which starts who knows where on Windows`, () =>
      assert.throws(() => inputs('windows', value).path('x'), {
        code: 'InvalidInput',
        message: `Input "x" is "${value}"`,
        hint: /backslash behind the colon/,
      }));

  const roots = [
    { system: 'windows', value: 'd:\\A\\1\\S\\' },
    { system: 'windows', value: 'D:/a/1/s' },
    { system: 'macOS', value: '/private/var/작업 1/s/' },
  ] as const;
  for (const { system, value } of roots)
    it(`takes ${value} for the empty path that the agent filled in on ${system}`, () =>
      assert.equal(inputs(system, value).optionalPath('x'), undefined));

  it('says what it looked for, in the words of the system', () =>
    assert.throws(() => inputs('windows', 'missing').path('x'), { hint: /Nothing is there: D:\\a\\1\\s\\missing\./ }));
});

describe('inputs of several lines', () => {
  for (const [name, text] of [
    ['of Unix', 'a=1\nb=2\n'],
    ['of Windows', 'a=1\r\nb=2\r\n'],
    ['of old', 'a=1\rb=2'],
    ['behind a byte order mark', '\ufeffa=1\r\n\r\n  b=2'],
  ] as const)
    it(`are read with line ends ${name}`, () => assert.deepEqual(inputs('macOS', text).lines('x'), ['a=1', 'b=2']));
});
