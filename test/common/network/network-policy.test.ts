import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { rootCertificates } from 'node:tls';
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import { armFailure } from '../../../tasks/common/azure/arm-failure.ts';
import { connect } from '../../../tasks/common/azure/connect.ts';
import { systemClock } from '../../../tasks/common/clock.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import {
  authorities,
  isBypassed,
  networkPolicy,
  type Patience,
  unusedProxy,
} from '../../../tasks/common/network/network-policy.ts';
import type { NetworkSettings } from '../../../tasks/common/network/network-settings.ts';
import {
  createWorld,
  type Directory,
  type RunningAzure,
  registerDirectory,
  registerJob,
  registerServiceConnection,
  startAzure,
  virtualMachines,
} from '../../azure/index.ts';
import { type Authority, createAuthority } from '../../azure/server/authority.ts';

describe('isBypassed', () => {
  const cases = [
    { name: 'sends most hosts through the proxy', url: 'https://management.azure.com/x', bypass: ['corp'], is: false },
    {
      name: 'never asks a proxy for the metadata address',
      url: 'http://169.254.169.254/metadata',
      bypass: [],
      is: true,
    },
    { name: 'reaches loopback directly, as the agent does', url: 'https://localhost:8443/', bypass: [], is: true },
    { name: 'reaches loopback by number directly', url: 'https://127.1.2.3/', bypass: [], is: true },
    {
      name: 'takes a host that only begins like loopback for another',
      url: 'https://127.0.0.1.evil.example/',
      bypass: [],
      is: false,
    },
    {
      name: 'matches anywhere in scheme and host',
      url: 'https://login.corp.example/',
      bypass: ['\\.corp\\.'],
      is: true,
    },
    { name: 'matches in any case', url: 'https://login.corp.example/', bypass: ['CORP'], is: true },
    { name: 'does not look at the path', url: 'https://a.example/corp', bypass: ['corp'], is: false },
    {
      name: 'sees the port when it is not the usual one',
      url: 'https://a.example:8443/',
      bypass: ['^https://a\\.example:8443$'],
      is: true,
    },
    {
      name: 'sees no port when it is the usual one',
      url: 'https://a.example:443/',
      bypass: ['^https://a\\.example$'],
      is: true,
    },
  ];
  for (const { name, url, bypass, is } of cases)
    it(name, () => assert.equal(isBypassed(new URL(url), { url: 'http://proxy', bypass }), is));
});

describe('networkPolicy on a direct way', () => {
  let authority: Authority;
  let server: Server;
  let origin = '';
  before(async () => {
    authority = await createAuthority();
    server = createServer({
      SNICallback: (host, done) => void authority.contextFor(host).then((context) => done(null, context), done),
    });
    server.on('request', (request, response) => {
      if (request.url === '/silent') return;
      response.write('half');
      if (request.url !== '/stuck') response.end(' and half');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it("trusts the agent's certificate authority", async () =>
    assert.equal((await send({ caPem: authority.caPem }, `${origin}/`)).bodyAsText, 'half and half'));

  it("adds the agent's authority to those that are trusted anyway", () => {
    const all = new Set(authorities(authority.caPem));
    const lost = rootCertificates.filter((root) => !all.has(root));
    assert.deepEqual([lost.length, all.has(authority.caPem)], [0, true]);
  });

  it("says that it does not trust the proxy's own certificate", async () => {
    const proxy = { url: origin, bypass: [] };
    const asked = send({ proxy }, 'https://management.azure.com/').catch((error: unknown) =>
      armFailure(error, 'Asking'),
    );
    const { code, message } = (await asked) as Failure;
    assert.equal(code, 'CertificateNotTrusted');
    assert.match(message, /the agent's proxy localhost:\d+: /);
  });

  it('trusts no other', async () => {
    const failure = await send({}, `${origin}/`).catch((error: unknown) => armFailure(error, 'Asking'));
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, 'CertificateNotTrusted');
    assert.match(failure.hint, /--sslcacert/);
  });

  it('trusts no other where NODE_TLS_REJECT_UNAUTHORIZED is 0', () =>
    carelessly(async () => {
      await fetch(`${origin}/`); // so it is for others
      await assert.rejects(send({}, `${origin}/`), { code: /SIGNATURE|SELF_SIGNED/ });
    }));

  it('refuses a CA file without a certificate in it', () =>
    assert.throws(
      () => networkPolicy({ caPem: 'no certificate' }),
      (error) => error instanceof Failure && error.code === 'InvalidCertificateAuthority',
    ));

  it('does not use the proxy for loopback', async () => {
    const network = { caPem: authority.caPem, proxy: { url: 'http://127.0.0.1:9', bypass: [] } };
    assert.equal((await send(network, `${origin}/`)).status, 200);
  });

  it('sends nothing unencrypted', async () =>
    assert.rejects(send({}, 'http://localhost/'), (error) => error instanceof Failure && error.code === 'NotHttps'));

  const waits = [
    {
      name: 'gives a call up whose answer does not begin',
      path: '/silent',
      patience: { answerMs: 50, silenceMs: 60_000 },
    },
    {
      name: 'breaks a connection off over which nothing comes',
      path: '/silent',
      patience: { answerMs: 60_000, silenceMs: 50 },
    },
    {
      name: 'breaks a connection off in the middle of an answer',
      path: '/stuck',
      patience: { answerMs: 60_000, silenceMs: 50 },
    },
  ];
  for (const { name, path, patience } of waits)
    it(name, async () => {
      const call = send({ caPem: authority.caPem }, `${origin}${path}`, patience).catch((thrown: unknown) => thrown);
      const error = await Promise.race([call, systemClock.sleep(5_000).then(() => 'it still waits')]);
      assert.ok(error instanceof RestError, String(error));
      assert.match(armFailure(error, 'Asking').code, /NetworkUnreachable|AnswerBrokeOff/);
    });

  it('gives a call up that its caller has aborted, and says so', async () => {
    const controller = new AbortController();
    const work = send(
      { caPem: authority.caPem },
      `${origin}/silent`,
      { answerMs: 60_000, silenceMs: 60_000 },
      controller.signal,
    );
    controller.abort();
    await assert.rejects(work, { name: 'AbortError' });
  });
});

function send(network: NetworkSettings, url: string, patience?: Patience, abortSignal?: AbortSignal) {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 }, proxyOptions: unusedProxy });
  pipeline.addPolicy(networkPolicy(network, patience), { afterPhase: 'Sign' });
  const request = createPipelineRequest({ url, allowInsecureConnection: true, ...(abortSignal && { abortSignal }) });
  return pipeline.sendRequest(createDefaultHttpClient(), request);
}

describe("networkPolicy through the agent's proxy", () => {
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
  const connectionId = 'fede4a7e-0000-4000-a000-000000000001';
  const credentials = { username: 'us er', password: 'p@ss:/w%rd' };
  const foreign = { HTTPS_PROXY: '10.0.0.1:3128', https_proxy: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' };
  const former = Object.keys(foreign).map((name) => [name, process.env[name]] as const);
  let directory: Directory;
  let azure: RunningAzure;
  before(async () => {
    directory = registerDirectory(world);
    registerServiceConnection(world, connectionId, directory.clientId);
    azure = await startAzure({ world, proxyCredentials: credentials });
    Object.assign(process.env, foreign);
  });
  after(async () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await azure.close();
  });

  const open = (network: NetworkSettings) => {
    const job = registerJob(world, { collectionUri: 'https://dev.azure.com/org', connectionIds: [connectionId] });
    const requestUrl = `${job.SYSTEM_OIDCREQUESTURI}?api-version=7.1&serviceConnectionId=${connectionId}`;
    return connect({
      connection: {
        ...directory,
        id: connectionId,
        name: 'the shop',
        cloud: {
          name: 'AzureCloud',
          resourceManager: 'https://management.azure.com',
          authority: 'https://login.microsoftonline.com',
          audience: 'https://management.azure.com',
        },
        secret: { scheme: 'federation', oidc: { requestUrl, accessToken: job.accessToken } },
      },
      network,
      mask: () => {},
      userAgent: 'phoenix-scale-sets/test',
    });
  };
  const listSets = async (network: NetworkSettings) => {
    for await (const set of open(network).compute.virtualMachineScaleSets.list('nowhere'))
      assert.fail(`a set: ${set.name}`);
  };

  it('takes ARM, sign-in and OIDC calls alike, whatever HTTPS_PROXY says', async () => {
    const network = { caPem: azure.caPem, proxy: { url: azure.proxyUrl, ...credentials, bypass: [] } };
    await listSets(network).catch((error: unknown) =>
      assert.match(armFailure(error, 'Listing').message, /ResourceGroupNotFound/),
    );
    const hosts = azure.connects.map(({ host, outcome }) => `${host} ${outcome}`);
    assert.deepEqual([...new Set(hosts)].sort(), [
      'dev.azure.com tunnelled',
      'login.microsoftonline.com tunnelled',
      'management.azure.com tunnelled',
    ]);
  });

  it('says that the proxy wants another sign-in', async () => {
    const proxy = { url: azure.proxyUrl, username: 'us er', password: 'old', bypass: [] };
    const failure = await listSets({ caPem: azure.caPem, proxy }).catch((error: unknown) =>
      armFailure(error, 'Listing'),
    );
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, 'ProxyRefused');
    assert.match(failure.message, /proxy 127\.0\.0\.1:\d+ wants a sign-in other than that of us er/);
  });

  it('trusts nobody unknown behind the proxy, even where NODE_TLS_REJECT_UNAUTHORIZED is 0', () =>
    carelessly(async () => {
      const proxy = { url: azure.proxyUrl, ...credentials, bypass: [] };
      await assert.rejects(send({ proxy }, 'https://management.azure.com/'), { code: /SIGNATURE|SELF_SIGNED/ });
    }));

  it('says that nobody listens where the proxy should be', async function () {
    this.timeout(30_000);
    const port = await freePort();
    const proxy = { url: `http://127.0.0.1:${port}`, bypass: [] };
    const failure = await send({ proxy }, 'https://management.azure.com/').catch((error: unknown) =>
      armFailure(error, 'Asking'),
    );
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, 'ProxyUnreachable');
    assert.match(failure.message, /the agent's proxy 127\.0\.0\.1:\d+: connect ECONNREFUSED/);
    assert.match(failure.hint, /--proxyurl/);
  });
});

/** On an agent that was told to check no certificate at all; Node warns about it each time. */
async function carelessly(body: () => Promise<void>): Promise<void> {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    await body();
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.emitWarning = emitWarning;
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
