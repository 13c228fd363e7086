import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trustBundle } from '../../../tasks/common/packer/trust.ts';
import { suiteFolder } from '../../support/suite-folder.ts';

describe('trustBundle', () => {
  const folder = suiteFolder('trust');

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
