import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newCertificate } from '../../azure/index.ts';
import { watchProcesses } from './process-watch.ts';
import { filesBelow, secretSearch, unlessGone } from './search.ts';

const secret = 'p@ss:w%rd/?+ä"x';
const find = secretSearch(new Map([['planted', secret]]));

describe('the search for secrets finds a planted one', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const planted = [
    ['as it is', `before ${secret} after`],
    ['percent-encoded', `http://agent:${encodeURIComponent(secret)}@proxy:8080`],
    ['as a form field', new URLSearchParams({ a: 'b', client_secret: secret }).toString()],
    ['inside of JSON', JSON.stringify({ secret })],
    ['as data of a command to the agent', `##vso[task.debug]${secret.replaceAll('%', '%AZP25')}`],
    ['in base64 alone', base64(secret)],
    ['in base64 behind one letter', base64(`:${secret}`)],
    ['in base64 behind a user', base64(`agent:${secret}`)],
    ['in base64 between others', base64(`ab${secret}cd`)],
    ['in base64 of addresses', Buffer.from(`a${secret}`).toString('base64url')],
    ['among bytes that are no text', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(secret), Buffer.of(0)])],
  ] as const;
  for (const [where, text] of planted) it(where, () => assert.deepEqual(find(text), ['planted']));

  it('and says nothing about a text without one', () => assert.deepEqual(find('p@ss:w and rd/?+'), []));

  it('by each line of a key alone', async () => {
    const { key } = await newCertificate();
    const findKey = secretSearch(new Map([['key', key]]));
    const lines = key.split('\n').filter((line) => line.length >= 6 && !line.startsWith('-'));
    assert.ok(lines.length > 20);
    for (const line of lines) assert.deepEqual(findKey(`| ${line}`), ['key'], line);
    assert.deepEqual(findKey('-----BEGIN PRIVATE KEY-----'), []);
  });

  it('in a hidden file of a folder below', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-search-'));
    try {
      mkdirSync(join(folder, '.a', 'b'), { recursive: true });
      writeFileSync(join(folder, '.a', 'b', '.c'), `x${secret}`);
      writeFileSync(join(folder, 'clean'), 'nothing');
      const found = filesBelow(folder).filter(({ content }) => find(content).length > 0);
      assert.deepEqual(
        found.map(({ path }) => path),
        [join(folder, '.a', 'b', '.c')],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('in the command line and in the environment of a grandchild', async function () {
    if (process.platform !== 'linux') return this.skip();
    const env = { PATH: process.env['PATH'], SECRET: secret };
    const script = 'sh -c "echo up; sleep 5; true" "$1" & wait';
    const child = spawn('sh', ['-c', script, 'sh', secret], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const watch = watchProcesses(child.pid ?? 0, 10);
    watch.stop();
    const [root, grandchild] = watch.seen;
    assert.equal(grandchild?.parent, root?.pid);
    assert.deepEqual(find(grandchild?.argv ?? ''), ['planted']);
    assert.deepEqual(find(grandchild?.environment ?? ''), ['planted']);
    for (const { pid } of watch.seen.toReversed()) unlessGone(() => process.kill(pid, 'SIGKILL'));
  });
});
