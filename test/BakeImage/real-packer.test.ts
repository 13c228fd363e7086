import assert from 'node:assert/strict';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bakeImage } from '../../tasks/BakeImage/bake-image.ts';
import { left, type Stage, type StageOptions, setStage, until } from './stage.ts';

/** The Packer of this machine, without the help of the code under test. */
const installed = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'packer'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

const script = (...inline: readonly string[]) => ({
  type: 'shell-local',
  inline,
  environment_vars: ['APP={{user `app`}}'],
});
const jsonTemplate = (...provisioners: readonly unknown[]) =>
  JSON.stringify({
    variables: { app: 'unset', secret: '{{env `ARM_CLIENT_SECRET`}}' },
    builders: [{ type: 'null', communicator: 'none' }],
    provisioners,
  });
const hclTemplate = `
variable "app" { type = list(string) }
variable "arm_client_secret" {
  type      = string
  sensitive = true
}
source "file" "made" {
  content = "\${join("+", var.app)} \${length(var.arm_client_secret)}"
  target  = "made.txt"
}
build {
  sources = ["source.file.made"]
  post-processor "manifest" { output = "made.json" }
}
`;

describe('bakeImage with the real Packer', () => {
  before(function () {
    if (installed) return;
    if (process.env['REQUIRE_REAL'] === '1') throw new Error('REQUIRE_REAL=1, but packer is not on PATH');
    console.log('    packer is not on PATH: these tests are left out');
    this.skip();
  });

  let stage: Stage;
  afterEach(() => stage?.remove());

  function set(options: Partial<StageOptions>, changes: Parameters<typeof setStage>[1] = {}) {
    stage = setStage({ path: process.env['PATH'] ?? '', ...options }, changes);
    return bakeImage(stage.request, stage.around);
  }
  const text = () => stage.lines.join('\n');

  it('streams a JSON template’s output harmlessly and reads why it failed', async () => {
    const hostile = script(
      'echo "##vso[task.setvariable variable=a]$APP"',
      "printf '\\033[31mred\\033[0m\\n'",
      'exit 3',
    );
    const bake = set({ templateText: jsonTemplate(hostile) }, { variables: [{ name: 'app', value: 'it, works' }] });
    await assert.rejects(bake, { code: 'BuildFailed', message: /"Running local shell script: .*status: 3/ });
    assert.match(text(), /##_vso\[task\.setvariable variable=a\]it, works/);
    assert.match(text(), /null: red$/m);
    assert.match(text(), /^Packer \d+\.\d+/m);
  });

  it('fills the variables of an HCL2 template and finds the manifest that it wrote', async () => {
    const bake = set(
      { template: 'web.pkr.hcl', templateText: hclTemplate },
      { variables: [{ name: 'app', value: '["a", "b"]' }] },
    );
    await assert.rejects(bake, { code: 'NoImage', message: /only: file\.made \(packer\.file\)/ });
    assert.equal(readFileSync(join(stage.folder, 'made.txt'), 'utf8'), 'a+b 33');
    assert.ok(existsSync(join(stage.folder, 'made.json')));
  });

  it('says that a template is invalid before it builds', () =>
    assert.rejects(set({ templateText: '{"builders":[{"type":"nonsense"}]}' }), {
      code: 'TemplateInvalid',
      message: /nonsense/,
    }));

  it('is told when no build is left to run, where Packer itself says nothing', () =>
    assert.rejects(set({ templateText: jsonTemplate() }, { onlyBuilds: ['mistyped'] }), { code: 'NoImage' }));

  it('passes a cancel on, and calls it cancelled although Packer 1.6 ends with 0', async () => {
    const bake = set({ templateText: jsonTemplate(script('echo waiting; sleep 30')) });
    await until(() => stage.lines.some((line) => line.includes('null: waiting')));
    stage.cancel.abort();
    await assert.rejects(bake, { code: 'Cancelled', message: /Packer has cleaned up/ });
    assert.deepEqual(left(stage), []);
  });
});
