import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../examples/image');
const credentials = { ARM_CLIENT_ID: 'a', ARM_CLIENT_SECRET: 'b', ARM_TENANT_ID: 'c', ARM_SUBSCRIPTION_ID: 'd' };
const variables = ['image_name=shop', 'resource_group=shop', 'location=koreacentral'];

describe('examples/image', () => {
  const packer = spawnSync('packer', ['-machine-readable', 'version']);

  for (const template of ['shop.json', 'shop.pkr.hcl'])
    it(`${template} is valid for the Packer on this machine`, function () {
      if (packer.error) return this.skip();
      const args = ['validate', ...variables.flatMap((variable) => ['-var', variable]), join(folder, template)];
      const run = spawnSync('packer', args, { env: { ...process.env, ...credentials, CHECKPOINT_DISABLE: '1' } });
      assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    });

  it('the twins do the same: builder fields, provisioners and variables have the same names', () => {
    const json = JSON.parse(readFileSync(join(folder, 'shop.json'), 'utf8')) as Template;
    const hcl = readFileSync(join(folder, 'shop.pkr.hcl'), 'utf8');
    const declared = [...hcl.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name);
    assert.deepEqual(declared, Object.keys(json.variables));
    for (const field of Object.keys(json.builders[0] ?? {}).filter((name) => name !== 'type'))
      assert.match(hcl, new RegExp(`^ {2}${field} += `, 'm'), `${field} is missing in HCL2`);
    const provisioners = [...hcl.matchAll(/provisioner "(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(
      provisioners,
      json.provisioners.map(({ type }) => type),
    );
  });

  for (const pipeline of ['azure-pipelines.yml', 'pipelines/two-regions.yml'])
    it(`comes with the plugin for a Packer that brings none along, as ${pipeline} bakes it`, () => {
      const text = readFileSync(join(folder, '..', pipeline), 'utf8');
      const [, template = ''] = /name: template\n(?: .*\n)*? +default: examples\/(\S+)\n/.exec(text) ?? [];
      const files = readdirSync(join(folder, '..', template)).filter((name) => name.endsWith('.pkr.hcl'));
      const all = files.map((name) => readFileSync(join(folder, '..', template, name), 'utf8')).join('\n');
      assert.match(all, /required_plugins \{\s+azure = \{\s+source += "github\.com\/hashicorp\/azure"/);
      assert.match(all, /^source "azure-arm"/m);
    });

  it('holds no secret: credentials come from the environment', () => {
    const json = readFileSync(join(folder, 'shop.json'), 'utf8');
    assert.match(json, /"arm_client_secret": "\{\{env `ARM_CLIENT_SECRET`\}\}"/);
  });
});

interface Template {
  readonly variables: Readonly<Record<string, string>>;
  readonly builders: readonly Readonly<Record<string, unknown>>[];
  readonly provisioners: readonly { readonly type: string }[];
}
