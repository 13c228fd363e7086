import assert from 'node:assert/strict';
import { encodePng } from '../../build/drawing/png.ts';
import { manifestFindings, mostBytes, vsixFindings } from '../../build/vsix-rules.ts';
import { sampleTask } from './sample-task.ts';

const icon = (size: number) => encodePng({ width: size, height: size, rgba: new Uint8Array(size * size * 4) });

const good: Readonly<Record<string, Buffer>> = {
  'extension.vsixmanifest': Buffer.alloc(0),
  'extension.vsomanifest': Buffer.alloc(0),
  '[Content_Types].xml': Buffer.alloc(0),
  'overview.md': Buffer.alloc(0),
  LICENSE: Buffer.alloc(0),
  'THIRD-PARTY-NOTICES.txt': Buffer.alloc(0),
  'images/icon.png': icon(128),
  'tasks/SampleTask/task.json': Buffer.from(JSON.stringify(sampleTask)),
  'tasks/SampleTask/icon.png': icon(32),
  'tasks/SampleTask/index.js': Buffer.alloc(0),
};

function findings(change: Readonly<Record<string, Buffer | undefined>>, bytes = 1000): string {
  const files = Object.entries({ ...good, ...change }).filter(
    (entry): entry is [string, Buffer] => entry[1] !== undefined,
  );
  return vsixFindings(new Map(files), bytes, ['SampleTask']).join('\n');
}

describe('our rules for the package', () => {
  it('find nothing in a good one', () => assert.equal(findings({}), ''));

  it('find one that is too big', () => assert.match(findings({}, mostBytes), /has 2097152 bytes/));

  it('find a task without the file that its handlers name', () =>
    assert.equal(
      findings({ 'tasks/SampleTask/index.js': undefined }),
      'tasks/SampleTask/index.js is missing, the target of execution.Node20_1\n' +
        'tasks/SampleTask/index.js is missing, the target of execution.Node24',
    ));

  it('find a post-job step that is not there, and one that nobody runs', () => {
    const json = { ...sampleTask, postjobexecution: { Node24: { target: 'post-job.js' } } };
    const task = { 'tasks/SampleTask/task.json': Buffer.from(JSON.stringify(json)) };
    assert.match(
      findings(task),
      /^tasks\/SampleTask\/post-job\.js is missing, the target of postjobexecution\.Node24$/,
    );
    const script = { 'tasks/SampleTask/post-job.js': Buffer.alloc(0) };
    assert.equal(findings({ ...task, ...script }), '');
    assert.equal(findings(script), 'tasks/SampleTask/post-job.js is the target of no handler');
  });

  it('find a task that is not in it', () =>
    assert.match(findings({ 'tasks/SampleTask/task.json': undefined }), /task\.json is missing/));

  const strangers = [
    '.env',
    'tasks/SampleTask/index.js.map',
    'tasks/SampleTask/.taskkey',
    'tasks/SampleTask/node_modules/q/q.js',
    'tasks/Other/index.js',
    'test/azure/server.js',
    'images/icon.svg',
    'package.json',
  ];
  for (const name of strangers)
    it(`find ${name} in it`, () =>
      assert.equal(findings({ [name]: Buffer.alloc(0) }), `${name} does not belong into the package`));

  const icons = {
    'smaller than 128 pixels': icon(64),
    'that is no PNG': Buffer.from('<svg/>'),
    'that is not there': undefined,
  };
  for (const [what, file] of Object.entries(icons))
    it(`find an icon ${what}`, () => assert.match(findings({ 'images/icon.png': file }), /must be a square PNG/));
});

describe('our rules for the manifest', () => {
  const file = { path: 'tasks/A' };
  const contribution = { id: 'a', properties: { name: 'tasks/A' } };
  const cases = [
    { manifest: { contributions: [contribution] }, says: 'tasks/A is not in files' },
    { manifest: { files: [file] }, says: 'tasks/A is not in contributions' },
    {
      manifest: { files: [file, { path: 'tasks/B' }], contributions: [contribution] },
      says: 'tasks/B is in files, but there is no such task',
    },
    {
      manifest: { files: [file], contributions: [contribution, { id: 'b', properties: { name: 'tasks/B' } }] },
      says: 'tasks/B is in contributions, but there is no such task',
    },
    { manifest: { files: [file], contributions: [contribution, contribution] }, says: 'contribution a is there twice' },
  ];
  for (const { manifest, says } of cases)
    it(`find that ${says}`, () => assert.deepEqual(manifestFindings(manifest, ['A']), [`vss-extension.json: ${says}`]));

  it('find nothing in a good one, whatever else it packs', () =>
    assert.deepEqual(
      manifestFindings({ files: [{ path: 'images' }, file], contributions: [contribution] }, ['A']),
      [],
    ));
});
