import assert from 'node:assert/strict';
import { readNetwork } from '../../../tasks/common/agent/read-network.ts';
import { Failure } from '../../../tasks/common/failure.ts';

function read(variables: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const masked: string[] = [];
  const warnings: string[] = [];
  const network = readNetwork({
    variable: (name) => variables[name],
    mask: (secret) => masked.push(secret),
    warn: (text) => warnings.push(text),
    readFile: (path) => files[path] ?? assert.fail(`no file ${path}`),
  });
  return { network, masked, warnings };
}

describe('readNetwork', () => {
  it('has nothing to say on an agent that reaches the network directly', () =>
    assert.deepEqual(read({}), { network: {}, masked: [], warnings: [] }));

  it('reads the proxy with its sign-in, and hides the password', () => {
    const { network, masked } = read({
      'agent.proxyurl': 'http://proxy:8080',
      'agent.proxyusername': 'user',
      'agent.proxypassword': 'p@ss',
      'agent.proxybypasslist': '["corp\\\\.example$", "^https://10\\\\."]',
    });
    assert.deepEqual(network, {
      proxy: {
        url: 'http://proxy:8080',
        username: 'user',
        password: 'p@ss',
        bypass: ['corp\\.example$', '^https://10\\.'],
      },
    });
    assert.deepEqual(masked, ['p@ss', Buffer.from('user:p@ss').toString('base64')]);
  });

  it('hides a password that stands in the address of the proxy', () =>
    assert.deepEqual(read({ 'agent.proxyurl': 'http://user:p%40ss@proxy:8080' }).masked, [
      'p@ss',
      Buffer.from('user:p@ss').toString('base64'),
    ]));

  for (const url of ['http://user:p%ss@proxy:8080', 'http://user:p/a@ss@proxy:8080', 'user:p/ass@proxy:8080'])
    it(`shows no password of an address that it refuses: ${url}`, () =>
      assert.throws(() => read({ 'agent.proxyurl': url }), {
        code: 'InvalidProxy',
        message: /proxy is "…@proxy:8080"/,
      }));

  it('reads the certificate authority', () =>
    assert.deepEqual(read({ 'agent.cainfo': '/agent/ca.pem' }, { '/agent/ca.pem': 'PEM' }).network, { caPem: 'PEM' }));

  it('reads one that an editor on Windows has written', () =>
    assert.deepEqual(read({ 'agent.cainfo': 'C:\\ca.pem' }, { 'C:\\ca.pem': '\ufeffPEM' }).network, { caPem: 'PEM' }));

  it('says which line of the bypass list counts for nothing, as the agent does', () => {
    const { network, warnings } = read({ 'agent.proxyurl': 'http://p', 'agent.proxybypasslist': '["*.corp", "fine"]' });
    assert.deepEqual(network.proxy?.bypass, ['fine']);
    assert.match(warnings.join(), /"\*\.corp", which is no regular expression/);
  });

  it('says that it checks certificates where the agent does not', () =>
    assert.match(read({ 'agent.skipcertvalidation': 'True' }).warnings.join(), /checks certificates all the same/));

  const refusals = [
    { name: 'a proxy that is no address', variables: { 'agent.proxyurl': 'proxy:8080' }, code: 'InvalidProxy' },
    {
      name: 'a bypass list that is no list',
      variables: { 'agent.proxyurl': 'http://p', 'agent.proxybypasslist': '{' },
      code: 'InvalidProxy',
    },
    {
      name: 'a bypass list of other things',
      variables: { 'agent.proxyurl': 'http://p', 'agent.proxybypasslist': '[1]' },
      code: 'InvalidProxy',
    },
    {
      name: 'a CA file that is not there',
      variables: { 'agent.cainfo': '/gone.pem' },
      code: 'InvalidCertificateAuthority',
    },
  ];
  for (const { name, variables, code } of refusals)
    it(`refuses ${name}`, () =>
      assert.throws(
        () => read(variables as Readonly<Record<string, string>>),
        (error) => error instanceof Failure && error.code === code,
      ));
});
