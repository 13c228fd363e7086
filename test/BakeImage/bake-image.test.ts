import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bakeImage } from '../../tasks/BakeImage/bake-image.ts';
import { bakeSummary } from '../../tasks/BakeImage/summary.ts';
import {
  type FakePacker,
  fakePacker,
  imageId,
  managedImage,
  type Performance,
  type Play,
} from '../common/packer/fake-packer.ts';
import { clientSecret, left, type Stage, type StageOptions, setStage } from './stage.ts';

const federation = { scheme: 'federation', oidc: { requestUrl: 'https://dev.azure.com/x', accessToken: 't' } } as const;
const hcl2 = 'var.arm_client_secret var.arm_oidc_request_url var.arm_oidc_request_token';

describe('bakeImage with a Packer that plays its part', () => {
  let packer: FakePacker;
  let stage: Stage;
  afterEach(() => {
    packer.remove();
    stage.remove();
  });

  function set(play: Play, options: Partial<StageOptions> = {}, changes: Parameters<typeof setStage>[1] = {}) {
    packer = fakePacker({ build: { output: managedImage('web-1') }, ...play });
    stage = setStage({ path: packer.path, ...options }, changes);
    return bakeImage(stage.request, stage.around);
  }

  it('gives the image, its facts and what the page shows of them', async () => {
    const bake = await set({});
    assert.equal(bake.image.imageId, imageId('web-1'));
    assert.equal(bake.packerVersion, '1.6.6');
    assert.deepEqual(
      packer.calls().map(({ command }) => command),
      ['validate', 'build'],
    );
    assert.match(bakeSummary(stage.request, bake), /\| Location \| koreacentral \|/);
  });

  it('runs in the working directory with the builds that were chosen', async () => {
    await set({}, {}, { onlyBuilds: ['azure-arm.web', 'azure-arm.db'], exceptBuilds: ['x'] });
    const build = packer.calls().at(-1);
    assert.equal(build?.folder, stage.folder);
    assert.deepEqual(build?.argv.slice(0, 4), [
      '-machine-readable',
      'build',
      '-only=azure-arm.web,azure-arm.db',
      '-except=x',
    ]);
  });

  it('hands variables over in a file of this user alone, after the author’s own files, and deletes it', async () => {
    packer = fakePacker({ build: { output: managedImage('web-1') } });
    stage = setStage({ path: packer.path }, { variables: [{ name: 'app', value: 'a secret, "quoted"' }] });
    const own = join(stage.folder, 'web.json');
    await bakeImage({ ...stage.request, variableFiles: [own] }, stage.around);
    const files = packer.calls().at(-1)?.variableFiles ?? [];
    assert.deepEqual(
      files.map(({ path }) => path === own),
      [true, false],
    );
    assert.equal(files[1]?.mode, '600');
    assert.deepEqual(JSON.parse(files[1]?.text ?? ''), { app: 'a secret, "quoted"' });
    assert.deepEqual(left(stage), []);
  });

  it('puts no secret on a command line, and none into the environment of commands that need none', async () => {
    await set(
      { version: '1.9.1' },
      { template: 'web.pkr.hcl', templateText: hcl2 },
      { variables: [{ name: 'app', value: 'hidden' }] },
    );
    const [init, validate, build] = packer.calls();
    assert.doesNotMatch(JSON.stringify(packer.calls().map(({ argv }) => argv)), /hidden|client-secret/);
    assert.equal(init?.env['ARM_CLIENT_SECRET'], undefined);
    assert.equal(validate?.env['PKR_VAR_arm_client_secret'], clientSecret);
    assert.equal(build?.env['ARM_CLIENT_SECRET'], clientSecret);
    assert.equal(build?.env['PKR_VAR_arm_tenant_id'], 'the-tenant');
  });

  const inits = [
    { version: '1.9.1', template: 'web.pkr.hcl', commands: 'init validate build' },
    { version: '1.6.6', template: 'web.pkr.hcl', commands: 'validate build' },
    { version: '1.9.1', template: 'web.json', commands: 'validate build' },
  ];
  for (const { version, template, commands } of inits)
    it(`runs ${commands} of ${template} with Packer ${version}`, async () => {
      await set({ version }, { template, templateText: '{}' });
      assert.equal(
        packer
          .calls()
          .map(({ command }) => command)
          .join(' '),
        commands,
      );
    });

  it('gives a build with a certificate a fresh assertion for each command, and nothing of the certificate', async () => {
    const certificate = { scheme: 'certificate', pem: 'the-private-key' } as const;
    await set({ build: { output: managedImage('web-1'), askForTokens: 1 } }, { secret: certificate });
    const [validate, build] = packer.calls();
    assert.notEqual(validate?.env['ARM_CLIENT_JWT'], build?.env['ARM_CLIENT_JWT']);
    assert.deepEqual(build?.tokens, ['oidc-token-3']);
    assert.equal(build?.env['PKR_VAR_arm_tenant_id'], 'the-tenant');
    assert.doesNotMatch(JSON.stringify(packer.calls()), /the-private-key/);
  });

  it('gives a build with a managed identity no credentials at all', async () => {
    await set({}, { secret: { scheme: 'managedIdentity' } }, {});
    const names = Object.keys(packer.calls().at(-1)?.env ?? {}).filter((name) => /^ARM_/.test(name));
    assert.deepEqual(names.sort(), ['ARM_CLIENT_ID', 'ARM_CLOUD_ENVIRONMENT_NAME', 'ARM_SUBSCRIPTION_ID']);
    assert.ok(!stage.masked.some((secret) => secret.startsWith('oidc-token')));
    assert.match(stage.lines.join('\n'), /this needs the Azure plugin/);
  });

  it('gives a federated build a fresh token for each command and a broker for the rest, and closes it', async () => {
    await set({ build: { output: managedImage('web-1'), askForTokens: 2 } }, { secret: federation });
    const [validate, build] = packer.calls();
    assert.notEqual(validate?.env['ARM_CLIENT_JWT'], build?.env['ARM_CLIENT_JWT']);
    assert.match(build?.env['PKR_VAR_arm_oidc_request_url'] ?? '', /^http:\/\/127\.0\.0\.1:/);
    assert.deepEqual(build?.tokens, ['oidc-token-3', 'oidc-token-4']);
    assert.equal(build?.env['ARM_CLIENT_SECRET'], undefined);
    const secrets = [
      'oidc-token-1',
      'oidc-token-2',
      'oidc-token-3',
      'oidc-token-4',
      build?.env['ARM_OIDC_REQUEST_TOKEN'],
    ];
    for (const secret of secrets) assert.ok(stage.masked.includes(secret ?? ''), `${secret} is masked`);
    await assert.rejects(fetch(build?.env['ARM_OIDC_REQUEST_URL'] ?? ''));
  });

  it('sends Packer through the agent’s proxy with the agent’s authority', async () => {
    const proxy = { url: 'http://127.0.0.1:3128', username: 'u', password: 'p@', bypass: ['10\\..*'] };
    await set({}, { network: { proxy, caPem: 'AGENT CA' }, environment: { https_proxy: 'http://old' } });
    const env = packer.calls().at(-1)?.env ?? {};
    assert.equal(env['HTTPS_PROXY'], 'http://u:p%40@127.0.0.1:3128');
    assert.equal(env['https_proxy'], undefined);
    assert.ok(env['SSL_CERT_FILE']?.startsWith(stage.tempFolder));
    assert.ok(stage.masked.includes('p%40'));
    assert.match(stage.lines.join('\n'), /can't follow 10/);
    assert.deepEqual(left(stage), []);
  });

  it('makes what a provisioner prints harmless, whole and live', async () => {
    const hostile = [
      '1,,ui,message,    a: ##vso[task.setvariable variable=PATH]/evil\n',
      '##vso[task.setvariable variable=x]raw\n',
      '1,,ui,say,##[group]closed\\n##[error]never\n',
      '1,,ui,message,\u001b[31mred\u001b[0m\n',
      `1,,ui,message,${'x'.repeat(100_000)}\n`,
      `base64:${Buffer.from([0x31, 0x2c, 0x2c, 0x75, 0x69, 0x2c, 0x73, 0x61, 0x79, 0x2c, 0x68, 0xc3, 0x0a]).toString('base64')}`,
    ];
    const errors = ['##vso[task.complete result=Succeeded]done\n'];
    await set({ build: { output: [...hostile, ...managedImage('web-1')], errors } });
    const text = stage.lines.filter((line) => !/^##\[(group|endgroup)\]/.test(line)).join('\n');
    assert.match(text, /##_vso\[task\.setvariable variable=PATH\]\/evil/);
    assert.doesNotMatch(text, /##(vso)?\[/);
    assert.doesNotMatch(text, /\u001b/);
    assert.ok(stage.lines.every((line) => line.length < 5_000));
    assert.match(text, /^h\ufffd$/m);
    assert.match(text, /task\.complete/);
  });

  it('shows the last line when it has no end', async () => {
    await set({ build: { output: [...managedImage('web-1'), 'the last words'] } });
    assert.equal(stage.lines.at(-1), 'the last words');
  });

  it('shows which step it is in', async () => {
    await set({
      build: { output: ['1,,ui,say,==> azure-arm: Deploying deployment template ...\n', ...managedImage('web-1')] },
    });
    assert.deepEqual(stage.progress.at(-1), [15, 'Deploying deployment template ...']);
  });

  describe('the manifest', () => {
    const templateText = '{"post-processors":[{"type":"manifest","output":"m.json"}]}';
    it('is named when this build has written it', async () => {
      const bake = await set({ build: { output: managedImage('web-1'), writeFile: 'm.json' } }, { templateText });
      assert.equal(bake.manifestPath, join(stage.folder, 'm.json'));
    });
    it('of an earlier build is not named', async () => {
      packer = fakePacker({ build: { output: managedImage('web-1') } });
      stage = setStage({ path: packer.path, templateText });
      const manifest = join(stage.folder, 'm.json');
      writeFileSync(manifest, '{}');
      utimesSync(manifest, 1, 1);
      assert.equal((await bakeImage(stage.request, stage.around)).manifestPath, '');
    });
    it('is not named when it has not, and the log says so', async () => {
      const bake = await set({}, { templateText });
      assert.equal(bake.manifestPath, '');
      assert.match(stage.lines.join('\n'), /has not written it/);
    });
  });

  describe('says what went wrong', () => {
    const built = (part: Performance): Play => ({ build: part });
    const cases: readonly { name: string; play: Play; code: string; says: RegExp }[] = [
      {
        name: 'when the template is invalid, before anything is built',
        play: { validate: { output: ['1,,ui,error,Error: Unknown builder azure-arm\n'], exit: 1 } },
        code: 'TemplateInvalid',
        says: /Unknown builder/,
      },
      {
        name: 'when a provisioner fails',
        play: built({
          output: [
            '1,,ui,say,==> azure-arm: Provisioning with shell script: install.sh\n',
            '1,,ui,say,==> azure-arm: Provisioning step had errors: Running the cleanup provisioner\n',
            '1,azure-arm,error,Script exited with non-zero exit status: 3\n',
          ],
          exit: 1,
        }),
        code: 'BuildFailed',
        says: /exit code 1 in "Provisioning with shell script: install\.sh".*status: 3/,
      },
      {
        name: 'when Packer crashes',
        play: built({ errors: ['panic: boom\n'], exit: 2 }),
        code: 'BuildFailed',
        says: /exit code 2: panic: boom/,
      },
      { name: 'when Packer is content with nothing', play: built({}), code: 'NoImage', says: /built nothing/ },
      {
        name: 'when there are two images',
        play: built({ output: [...managedImage('web-1', 'a'), ...managedImage('web-2', 'b')] }),
        code: 'SeveralImages',
        says: /web-1.*web-2/,
      },
      { name: 'when the program is no Packer', play: { version: '' }, code: 'NotPacker', says: /packer is no Packer/ },
    ];
    for (const { name, play, code, says } of cases)
      it(name, async () => {
        await assert.rejects(set(play), { code, message: says });
        assert.deepEqual(left(stage), []);
        if (code === 'TemplateInvalid')
          assert.deepEqual(
            packer.calls().map(({ command }) => command),
            ['validate'],
          );
      });

    it('when there is no Packer at all', () =>
      assert.rejects(set({}, { path: '/nowhere' }), { code: 'PackerNotFound' }));
  });

  it('warns of a template that reads no credentials and of variables that it does not declare', async () => {
    await set({}, { templateText: '{}' }, { variables: [{ name: 'typo', value: '1' }] });
    assert.match(stage.lines.join('\n'), /none of the credentials[\s\S]*does not declare the variable typo/);
  });

  it('leaves the author’s template as it was', async () => {
    await set({});
    assert.match(readFileSync(stage.request.template.path, 'utf8'), /^\{"variables"/);
  });
});
