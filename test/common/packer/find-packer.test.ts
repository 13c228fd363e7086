import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareVersions, findPacker } from '../../../tasks/common/packer/find-packer.ts';

describe('findPacker', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'find-packer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = (...path: readonly string[]) => {
    const file = join(folder, ...path, 'packer');
    mkdirSync(join(folder, ...path), { recursive: true });
    writeFileSync(file, '', { mode: 0o755 });
    return file;
  };
  const cached = (version: string) => {
    const file = program('tools', 'packer', version, 'x64');
    writeFileSync(join(folder, 'tools', 'packer', version, 'x64.complete'), '');
    return file;
  };
  const find = (path: string) =>
    findPacker({
      environment: { PATH: path, AGENT_TOOLSDIRECTORY: join(folder, 'tools') },
      platform: 'linux',
      arch: 'x64',
    });

  it('takes the first on PATH before the tool cache', async () => {
    cached('1.11.0');
    const second = program('bin');
    mkdirSync(join(folder, 'empty', 'packer'), { recursive: true }); // a folder of that name is no program
    assert.equal(await find(`${join(folder, 'empty')}:${join(folder, 'bin')}`), second);
  });

  it('takes the newest complete one of the tool cache', async () => {
    cached('1.9.5');
    const newest = cached('1.10.0');
    program('tools', 'packer', '1.12.0', 'x64'); // still being unpacked
    assert.equal(await find(''), newest);
  });

  it('looks for packer.exe on Windows, under whatever name PATH has there', async () => {
    cached('1.11.0');
    writeFileSync(join(folder, 'tools', 'packer', '1.11.0', 'x64', 'packer.exe'), '', { mode: 0o755 });
    const environment = { Agent_ToolsDirectory: join(folder, 'tools') };
    const found = await findPacker({ environment, platform: 'win32', arch: 'x64' });
    assert.equal(found, join(folder, 'tools', 'packer', '1.11.0', 'x64', 'packer.exe'));
    await assert.rejects(findPacker({ environment: {}, platform: 'win32', arch: 'x64' }), { hint: /packer\.exe/ });
  });

  it('says where it looked when there is none', () =>
    assert.rejects(find(folder), { code: 'PackerNotFound', message: /tool cache/ }));

  const orders = [
    ['1.9.5', '1.10.0'],
    ['1.6.6', '1.6.10'],
    ['1.6', '1.6.1'],
  ];
  for (const [older = '', newer = ''] of orders)
    it(`knows that ${newer} is newer than ${older}`, () =>
      assert.ok(compareVersions(newer, older) > 0 && compareVersions(older, newer) < 0));
});
