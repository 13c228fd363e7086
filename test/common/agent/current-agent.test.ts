import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newCertificate } from '../../azure/index.ts';
import { type Command, parseCommand } from '../../pipeline/agent/command.ts';
import { asEndpoint, asInputs, asVariables, parentEnvironment } from '../../support/agent-environment.ts';
import { suiteFolder } from '../../support/suite-folder.ts';

const fixture = fileURLToPath(new URL('current-agent.fixture.ts', import.meta.url));
const id = 'c0ffee00-0000-4000-a000-000000000001';
const secret = 'S3cr3t+/value';
const proxyPassword = 'pr0xy-p@ss';

describe('currentAgent, in a process as the agent starts it', function () {
  this.timeout(30_000);
  const temp = suiteFolder('phoenix-agent');
  const caFile = join(temp, 'ca.pem');
  before(() => writeFileSync(caFile, 'PEM of the agent'));

  const environment = {
    ...asVariables({
      'System.CollectionUri': 'https://dev.azure.com/org/',
      'System.TeamProjectId': 'project',
      'Build.BuildId': '42',
      'Build.BuildNumber': '20261122.3',
      'Agent.ProxyUrl': 'http://proxy.example:8080',
      'Agent.ProxyUsername': 'user',
      'Agent.ProxyBypassList': '["corp"]',
      'Agent.CAInfo': caFile,
      VSTS_SECRET_VARIABLES: '["agent.proxypassword"]',
    }),
    SECRET_AGENT_PROXYPASSWORD: proxyPassword,
    ...asEndpoint({
      id,
      url: 'https://management.azure.com/',
      scheme: 'ServicePrincipal',
      parameters: { tenantid: 'tenant', serviceprincipalid: 'client', serviceprincipalkey: secret },
      data: { subscriptionId: 'subscription', subscriptionName: 'Web shop', environment: 'AzureCloud' },
    }),
  };

  const start = (story: string, more: Readonly<Record<string, string>> = {}) => {
    const env = {
      ...parentEnvironment(temp, temp),
      ...environment,
      ...asInputs({ story, azureSubscription: id }),
      ...more,
    };
    // tsx is asked for by its path: the working folder is not the project.
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const child = spawn(process.execPath, ['--import', loader, fixture], { cwd: temp, env });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, stdout, stderr })),
    );
    return { child, ended, printed: () => stdout };
  };

  it('reads, masks, prints and ends as the agent expects', async () => {
    const { code, stdout, stderr } = await start('tell').ended;
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const commands = stdout.split('\n').map(parseCommand);
    const all = (event: string, property: (command: Command) => unknown) =>
      commands
        .filter((command) => command?.event === event)
        .map((command) => command && [property(command), command.data]);
    assert.deepEqual(
      all('complete', (command) => command.property('result')),
      [['Succeeded', 'told']],
    );
    assert.deepEqual(
      all('setvariable', (command) => [command.property('variable'), command.property('isOutput')]),
      [[['outcome', 'true'], 'done; 100%']],
    );
    assert.deepEqual(
      all('setprogress', (command) => command.property('value')),
      [['33', 'a third']],
    );
    const file = commands.find((command) => command?.event === 'uploadsummary')?.data ?? '';
    assert.match(file, /Web canary\.md$/);
    assert.equal(readFileSync(file, 'utf8'), '# Nodes');
    assert.match(stdout, /"id":"https:\/\/dev\.azure\.com\/org\/project\/build\/42"/);
    assert.match(stdout, /"caPem":"PEM of the agent"/);
    assert.match(stdout, /"bypass":\["corp"\]/);
  });

  it('tells the agent what its post-job step has to know, and hears it there', async () => {
    const { stdout } = await start('remember').ended;
    const told = stdout
      .split('\n')
      .map(parseCommand)
      .find((command) => command?.event === 'settaskvariable');
    assert.deepEqual([told?.property('variable'), told?.property('issecret')], ['phoenix.left', 'false']);
    const again = await start('recall', { VSTS_TASKVARIABLE_PHOENIX_LEFT: told?.data ?? '' }).ended;
    assert.match(again.stdout, /^recalled \{"a": "50%;\]"\}, undefined$/m);
    assert.match(again.stdout, /^connects secret$/m);
  });

  it('has the secret of the connection hidden in all its forms before it is first printed', async () => {
    const { stdout } = await start('tell').ended;
    const hidden = new Set<string>();
    for (const line of stdout.split('\n')) {
      if (line.startsWith('##vso[task.setsecret]')) hidden.add(line.slice('##vso[task.setsecret]'.length));
      else assert.ok(!line.includes(secret) || hidden.has(secret), line);
    }
    assert.ok(hidden.has(secret) && hidden.has(encodeURIComponent(secret).replaceAll('%', '%AZP25')));
    assert.ok(hidden.has(proxyPassword));
  });

  it('keeps task-lib from printing the password of the proxy, and from leaving the key to it', async () => {
    const { stdout } = await start('tell').ended;
    const debug = stdout.split('\n').filter((line) => line.startsWith('##vso[task.debug]'));
    assert.ok(
      debug.some((line) => line.includes('Agent.ProxyUsername=user')),
      'task-lib prints no more what it knows',
    );
    assert.deepEqual(
      debug.filter((line) => line.includes(proxyPassword)),
      [],
    );
    assert.ok(!existsSync(join(temp, 'proxy')));
  });

  it('has each line of a certificate and its key hidden before it is first printed', async () => {
    const { certificate, key } = await newCertificate();
    const parameters = { tenantid: 'tenant', serviceprincipalid: 'client', authenticationType: 'spnCertificate' };
    const endpoint = asEndpoint({
      id,
      scheme: 'ServicePrincipal',
      parameters: { ...parameters, servicePrincipalCertificate: key + certificate },
      data: { subscriptionId: 'subscription' },
    });
    const { stdout } = await start('tell', endpoint).ended;
    assert.match(stdout, /signs in by certificate/);
    const hidden = [...stdout.matchAll(/^##vso\[task\.setsecret\](.*)$/gm)].map(([, text = '']) => text);
    const shown = stdout.split('\n').filter((line) => !line.startsWith('##vso[task.setsecret]'));
    const masked = hidden.reduce((text, one) => text.replaceAll(one, '***'), shown.join('\n'));
    for (const line of `${key}${certificate}`.split('\n').filter((one) => one.length >= 6 && !one.startsWith('-----')))
      assert.ok(!masked.includes(line), line);
  });

  it('takes the subscription of a management group from its input', async () => {
    const subscriptionId = '5f0e9b1c-0000-4000-a000-00000000005b';
    const endpoint = {
      [`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`]: '',
      [`ENDPOINT_DATA_${id}_SCOPELEVEL`]: 'ManagementGroup',
    };
    const { stdout } = await start('tell', { ...endpoint, ...asInputs({ subscriptionId }) }).ended;
    assert.match(stdout, new RegExp(`"subscriptionId":"${subscriptionId}"`));
  });

  it('ends although a server is open, with everything printed', async () => {
    const { code, stdout } = await start('leave a server open').ended;
    assert.equal(code, 0);
    assert.equal(stdout.match(/^line \d+ y{200}$/gm)?.length, 2_000);
    assert.match(stdout, /##vso\[task\.complete result=Succeeded;\]the server is still there\n$/);
  });

  it('does not pass for success when nothing is left to wait for', async () => {
    const { code, stdout } = await start('wait for nothing').ended;
    assert.equal(code, 0);
    assert.match(stdout, /stopped half-way[\s\S]*result=Failed/);
  });

  it('fails when something breaks where nobody waits', async () => {
    const { stdout } = await start('break in the background').ended;
    assert.match(stdout, /defect of the task itself.*nobody looked[\s\S]*result=Failed/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`is told by ${signal} that the run was cancelled, and may put things back`, async () => {
      const { child, ended, printed } = start('wait for the cancel signal');
      child.stdout.on('data', () => {
        if (printed().includes('waiting')) child.kill(signal);
      });
      const { code, stdout } = await ended;
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Cancelled \\(${signal}\\)[\\s\\S]*put back what could be put back`));
    });
});
