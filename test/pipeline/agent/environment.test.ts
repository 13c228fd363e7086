import assert from 'node:assert/strict';
import { playScratch, printed, stepsOf } from '../support/play-scratch.ts';

const connection = {
  id: '0b0e5c7e-1111-4222-8333-444444444444',
  name: 'Contoso production',
  url: 'https://management.azure.com/',
  scheme: 'ServicePrincipal',
  authorization: {
    tenantid: 'tenant-one',
    serviceprincipalid: 'client-one',
    serviceprincipalkey: 'k3y-value',
    authenticationType: 'spnKey',
  },
  data: { subscriptionId: 'subscription-one', environment: 'AzureCloud' },
};

const other = { ...connection, id: '0b0e5c7e-1111-4222-8333-555555555555', name: 'Another' };

const inputs = [
  { name: 'connectedServiceNameARM', aliases: ['azureSubscription'], type: 'connectedService:AzureRM' },
  { name: 'who', type: 'string', defaultValue: ' default ' },
  { name: 'flag', type: 'boolean', defaultValue: true },
  { name: 'file', type: 'filePath' },
  { name: 'other file', type: 'filePath' },
];

/** The whole environment of one task, written to a file since a log would mask it. */
async function environmentOf(
  step: string,
  more: Parameters<typeof playScratch>[0] | object = {},
): Promise<Record<string, string>> {
  let seen = '';
  await playScratch({
    yaml: `steps:\n- { checkout: none }\n- ${step}`,
    tasks: {
      Show: {
        json: { inputs },
        main: "console.log(Buffer.from(JSON.stringify({ ...process.env, cwd: process.cwd(), script: __filename })).toString('hex'))",
      },
    },
    serviceConnections: [connection, other],
    project: { name: 'Web', id: '11111111-2222-4333-8444-555555555555' },
    buildId: 42,
    ...more,
    output: () => {},
    view: {
      stageStarted: () => {},
      stageFinished: () => {},
      note: () => {},
      jobStarted: () => ({
        note: () => {},
        finished: () => {},
        stepStarted: () => ({
          progress: () => {},
          finished: () => {},
          line: (line) => (seen = /^[0-9a-f]+$/.test(line) ? line : seen),
        }),
      }),
    },
  });
  return JSON.parse(Buffer.from(seen, 'hex').toString()) as Record<string, string>;
}

describe('The environment of a task', () => {
  it('has its inputs under their own names: defaults, aliases, trimmed, paths from the sources folder', async () => {
    const env = await environmentOf(
      "{ task: Show@1, inputs: { azureSubscription: contoso PRODUCTION, who: '  $(Build.BuildId) ', file: a/b } }",
    );
    assert.equal(env['INPUT_CONNECTEDSERVICENAMEARM'], connection.id);
    assert.equal(env['INPUT_AZURESUBSCRIPTION'], undefined);
    assert.equal(env['INPUT_WHO'], '42');
    assert.equal(env['INPUT_FLAG'], 'True');
    assert.equal(env['INPUT_FILE'], `${env['BUILD_SOURCESDIRECTORY']}/a/b`);
    assert.equal(env['INPUT_OTHER_FILE'], env['BUILD_SOURCESDIRECTORY']);
  });

  it('has the connections that its inputs name, the job token, and no other connection', async () => {
    const env = await environmentOf('{ task: Show@1, inputs: { azureSubscription: Contoso production } }', {
      accessToken: 'job-token',
    });
    const { id } = connection;
    assert.equal(env[`ENDPOINT_URL_${id}`], 'https://management.azure.com/');
    assert.equal(env[`ENDPOINT_AUTH_SCHEME_${id}`], 'ServicePrincipal');
    assert.equal(env[`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`], 'k3y-value');
    assert.deepEqual(JSON.parse(env[`ENDPOINT_AUTH_${id}`] ?? ''), {
      parameters: connection.authorization,
      scheme: 'ServicePrincipal',
    });
    assert.equal(env[`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`], 'subscription-one');
    assert.deepEqual(JSON.parse(env[`ENDPOINT_DATA_${id}`] ?? ''), connection.data);
    assert.equal(
      env['ENDPOINT_AUTH_SYSTEMVSSCONNECTION'],
      '{"parameters":{"AccessToken":"job-token"},"scheme":"OAuth"}',
    );
    assert.equal(env['ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN'], 'job-token');
    assert.equal(env['ENDPOINT_URL_SYSTEMVSSCONNECTION'], 'https://dev.azure.com/contoso/');
    assert.ok(!Object.keys(env).some((name) => name.includes(other.id)));
  });

  it('says which run, stage, job and attempt this is, and where an OIDC token is to be had', async () => {
    const env = await environmentOf('{ task: Show@1 }', { attempt: 3 });
    const plan = `plans/${env['SYSTEM_PLANID']}/jobs/${env['SYSTEM_JOBID']}`;
    const uri = `https://dev.azure.com/contoso/11111111-2222-4333-8444-555555555555/_apis/distributedtask/hubs/build/${plan}/oidctoken`;
    assert.equal(env['SYSTEM_OIDCREQUESTURI'], uri);
    const wanted = {
      BUILD_BUILDID: '42',
      BUILD_BUILDNUMBER: '20260101.1',
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/contoso/',
      SYSTEM_HOSTTYPE: 'build',
      SYSTEM_JOBATTEMPT: '3',
      SYSTEM_STAGEATTEMPT: '3',
      SYSTEM_TEAMPROJECT: 'Web',
      SYSTEM_TEAMPROJECTID: '11111111-2222-4333-8444-555555555555',
      AGENT_JOBSTATUS: 'Succeeded',
      'agent.jobstatus': 'Succeeded',
      TF_BUILD: 'True',
    };
    for (const [name, value] of Object.entries(wanted)) assert.equal(env[name], value, name);
  });

  it('is in the work folder, with a fresh copy of the task', async () => {
    const env = await environmentOf('{ task: Show@1 }');
    assert.equal(env['cwd'], env['SYSTEM_DEFAULTWORKINGDIRECTORY']);
    assert.equal(env['AGENT_TEMPDIRECTORY'], `${env['AGENT_WORKFOLDER']}/_temp`);
    assert.equal(env['AGENT_TOOLSDIRECTORY'], `${env['AGENT_WORKFOLDER']}/_tool`);
    assert.ok(env['script']?.startsWith(`${env['AGENT_WORKFOLDER']}/_tasks/Show_`));
  });

  it('sees nothing that an earlier run of the task has left beside its script', async () => {
    const { result } = await playScratch({
      yaml: 'steps: [{ checkout: none }, { task: Litter@1 }, { task: Litter@1 }, { script: "ls $(Agent.WorkFolder)/_tasks/*" }]',
      tasks: {
        Litter: {
          main: `const litter = __dirname + '/.taskkey';
            console.log(require('fs').existsSync(litter));
            require('fs').writeFileSync(litter, 'x');`,
        },
      },
    });
    assert.deepEqual(printed(result), ['false', 'false']);
  });

  it('has secrets apart from what is public, and lists the names of both', async () => {
    const variables = { password: { value: 'hunter2', secret: true }, 'my.color': 'blue' };
    const env = await environmentOf('{ task: Show@1 }', { variables });
    assert.equal(env['SECRET_PASSWORD'], 'hunter2');
    assert.equal(env['PASSWORD'], undefined);
    assert.equal(env['MY_COLOR'], 'blue');
    assert.ok(JSON.parse(env['VSTS_SECRET_VARIABLES'] ?? '').includes('password'));
    assert.ok(JSON.parse(env['VSTS_PUBLIC_VARIABLES'] ?? '').includes('my.color'));
    assert.ok(!JSON.parse(env['VSTS_PUBLIC_VARIABLES'] ?? '').includes('password'));
  });

  it('has the proxy and CA of the agent alone: nothing of the host that steers networks reaches it', async () => {
    const host = {
      HTTPS_PROXY: 'http://host:1',
      http_proxy: 'http://host:2',
      NODE_EXTRA_CA_CERTS: '/host.pem',
      NODE_OPTIONS: '',
      ARM_CLIENT_SECRET: 'x',
    };
    const before = { ...process.env };
    Object.assign(process.env, host);
    try {
      const proxy = { url: 'http://127.0.0.1:8888', username: 'u', password: 'pr0xy', bypass: ['^localhost$'] };
      const env = await environmentOf('{ task: Show@1 }', { proxy, caFile: '/ca.pem' });
      assert.deepEqual(
        Object.keys(host).filter((name) => env[name] !== undefined),
        [],
      );
      assert.equal(env['AGENT_PROXYURL'], 'http://127.0.0.1:8888');
      assert.equal(env['AGENT_PROXYUSERNAME'], 'u');
      assert.equal(env['SECRET_AGENT_PROXYPASSWORD'], 'pr0xy');
      assert.equal(env['AGENT_PROXYPASSWORD'], undefined);
      assert.equal(env['AGENT_PROXYBYPASSLIST'], '["^localhost$"]');
      assert.equal(env['AGENT_CAINFO'], '/ca.pem');
    } finally {
      for (const name of Object.keys(host)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  it('never shows the secrets of a connection in a log', async () => {
    const { result } = await playScratch({
      yaml: 'steps: [{ checkout: none }, { task: Leak@1, inputs: { azureSubscription: Another } }]',
      tasks: {
        Leak: {
          json: { inputs },
          main: 'console.log(process.env.ENDPOINT_AUTH_' + 'PARAMETER_x, JSON.stringify(process.env))',
        },
      },
      serviceConnections: [other],
      accessToken: 'job-token-value',
    });
    const text = printed(result).join('\n');
    assert.ok(!text.includes('k3y-value') && !text.includes('job-token-value'));
    assert.equal(stepsOf(result)[0]?.result, 'succeeded');
  });

  it('is given to the highest handler that the Node can be', async () => {
    const execution = { Node16: { target: 'old.js' }, Node20_1: { target: 'main.js' }, Node24: { target: 'new.js' } };
    const major = Number(process.versions.node.split('.')[0]);
    const script = major >= 24 ? 'new.js' : 'main.js';
    const { result } = await playScratch({
      yaml: 'steps: [{ checkout: none }, { task: Which@1 }]',
      tasks: { Which: { json: { execution }, main: 'console.log(require("path").basename(__filename))' } },
    });
    if (script === 'main.js') assert.deepEqual(printed(result), ['main.js']);
    else assert.match(printed(result).join(), /new\.js/);
  });
});
