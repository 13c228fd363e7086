import assert from 'node:assert/strict';
import { look } from './look.ts';
import type { Evidence } from './run.ts';

const secret = 'what-nobody-may-see';
const empty: Evidence = {
  end: {
    exitCode: 0,
    signal: null,
    stdout: `##vso[task.setsecret]${secret}\nno more`,
    stderr: '',
    commands: [],
    outputs: {},
    result: 'Succeeded',
    summaries: [],
    issues: [],
  },
  tally: { tokens: 1, oidcTokens: 0, refused: 0, deadTokens: 0, secrets: new Map(), openly: ['GET https://x/'] },
  secrets: new Map([['planted', secret]]),
  files: [{ path: '/x/clean', content: Buffer.from('nothing') }],
  processes: { snapshots: 1, seen: [{ pid: 1, parent: 0, argv: 'node index.js', environment: secret }] },
  pid: 1,
  left: [],
  tags: '{}',
  hosts: new Set(),
};

describe('the look at what a run left', () => {
  it('takes the command that hides a secret, and what the agent itself gave, for no find', () =>
    assert.deepEqual(look(empty), { places: [], files: 1, snapshots: 1, lines: 2 }));

  const child = { pid: 2, parent: 1, argv: 'packer build', environment: '' };
  const planted: readonly (readonly [string, Partial<Evidence>])[] = [
    ['a line', { end: { ...empty.end, stdout: `##vso[task.debug]${secret}` } }],
    ['a line', { end: { ...empty.end, stderr: `at ${secret}` } }],
    ['a summary', { end: { ...empty.end, summaries: [secret] } }],
    ['/x/log', { files: [{ path: '/x/log', content: Buffer.from(`\0${secret}`) }] }],
    ['a name', { files: [{ path: `/x/${secret}`, content: Buffer.from('') }] }],
    ['a command line', { processes: { snapshots: 1, seen: [{ ...child, argv: `packer\0-var=a=${secret}` }] } }],
    ['an environment', { processes: { snapshots: 1, seen: [{ ...child, environment: `A=${secret}` }] } }],
    ['a call', { tally: { ...empty.tally, openly: [`GET https://x/?sig=${secret}`] } }],
    ['the tags', { tags: JSON.stringify({ 'phoenix-owner': secret }) }],
  ];
  for (const [where, left] of planted)
    it(`finds a planted secret in ${where} (${Object.keys(left)})`, () =>
      assert.deepEqual(look({ ...empty, ...left }).places, [`planted in ${where}`]));
});
