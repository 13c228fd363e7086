import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trustBundle } from '../../../tasks/common/packer/trust.ts';

describe('trustBundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trust-'));
  after(() => rmSync(folder, { recursive: true }));

  it('keeps the authorities that the machine trusts and adds the agent’s', async () => {
    const file = join(folder, 'machine.pem');
    writeFileSync(file, 'MACHINE\n');
    assert.equal(await trustBundle('AGENT', { SSL_CERT_FILE: file }), 'MACHINE\nAGENT\n');
  });

  it('looks in the usual places when the machine names no file that is there', async () => {
    const bundle = await trustBundle('AGENT', { SSL_CERT_FILE: join(folder, 'missing.pem') });
    assert.match(bundle, /BEGIN CERTIFICATE[\s\S]*AGENT\n$/);
  });
});
