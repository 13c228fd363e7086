import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, readTask, taskNames } from '../build/project.ts';
import type { TaskJson } from '../build/task-json.ts';
import type { RolloutRecord } from '../tasks/common/record/record.ts';
import { rollbackOutputs, upgradeOutputs } from '../tasks/common/report/rollout-outputs.ts';
import type { Situation } from '../tasks/common/rollout/state.ts';
import { contractFindings } from './support/tidy/contract.ts';
import { cycleFindings } from './support/tidy/cycles.ts';
import { directionFindings } from './support/tidy/direction.ts';
import { failureCodeFindings } from './support/tidy/failure-codes.ts';
import { lockFindings } from './support/tidy/lock-file.ts';
import { referenceFindings } from './support/tidy/references.ts';
import { projectSources } from './support/tidy/source.ts';
import { strayFindings } from './support/tidy/strays.ts';

const sources = projectSources(projectFolder);

describe('tidy: imports point one way', () => {
  it('in every file of the project', () => assert.deepEqual(directionFindings(sources), []));

  const wrong = [
    {
      path: 'tasks/common/rollout/plan.ts',
      text: "import { fleet } from '../azure/fleet.ts';",
      says: /this room is pure: rollout/,
    },
    {
      path: 'tasks/common/rollout/plan.ts',
      text: "import type { Agent } from '../agent/agent.ts';",
      says: /this room is pure/,
    },
    {
      path: 'tasks/common/rollout/plan.ts',
      text: "import {\n  type Clock,\n} from '../clock.ts';",
      says: /this room is pure/,
    },
    {
      path: 'tasks/common/report/page.ts',
      text: "import { readFileSync } from 'node:fs';",
      says: /no library and no Node module/,
    },
    {
      path: 'tasks/common/report/page.ts',
      text: "export { get } from '@azure/identity';",
      says: /no library and no Node module/,
    },
    { path: 'tasks/common/clock.ts', text: "import { x } from './azure/call.ts';", says: /ground floor/ },
    {
      path: 'tasks/common/azure/call.ts',
      text: "import { bake } from '../../BakeImage/bake.ts';",
      says: /common knows no task/,
    },
    {
      path: 'tasks/common/azure/call.ts',
      text: "import { agent } from '../agent/current-agent.ts';",
      says: /handed in/,
    },
    { path: 'tasks/common/network/a.ts', text: "import { b } from '../azure/b.ts';", says: /knows no room/ },
    { path: 'tasks/common/sign-in/a.ts', text: "import { b } from '../azure/b.ts';", says: /a token is got before/ },
    { path: 'tasks/common/azure/call.ts', text: "import { run } from '../execute/run.ts';", says: /use case/ },
    {
      path: 'tasks/BakeImage/bake.ts',
      text: "import tl from 'azure-pipelines-task-lib/task.js';",
      says: /only agent\/ knows task-lib/,
    },
    {
      path: 'tasks/BakeImage/bake.ts',
      text: "const { world } = await import('../../test/azure/index.ts');",
      says: /nothing that ships/,
    },
    {
      path: 'tasks/BakeImage/bake.ts',
      text: "import { x } from '../RollbackScaleSet/inputs.ts';",
      says: /no other task/,
    },
    {
      path: 'test/azure/core/world.ts',
      text: "import { x } from '../../../tasks/common/clock.ts';",
      says: /nothing of its clients/,
    },
    { path: 'test/pipeline/player.ts', text: "import { x } from '../azure/index.ts';", says: /staged folders/ },
    { path: 'build/docs.ts', text: "import '../tasks/BakeImage/index.ts';", says: /reads files/ },
  ];
  for (const { path, text, says } of wrong)
    it(`and would find ${text.replaceAll('\n', ' ')} in ${path}`, () =>
      assert.match(directionFindings([{ path, text }]).join('\n'), says));

  it('and lets types of the agent through where it is handed in', () =>
    assert.deepEqual(
      directionFindings([{ path: 'tasks/common/azure/a.ts', text: "import type { Log } from '../agent/log.ts';" }]),
      [],
    ));
});

describe('tidy: imports make no rings', () => {
  it('in what ships', () => assert.deepEqual(cycleFindings(sources), []));

  const ring = (last: string) => [
    { path: 'tasks/a.ts', text: "import { b } from './b.ts';" },
    { path: 'tasks/b.ts', text: "import { c } from './c.ts';" },
    { path: 'tasks/c.ts', text: last },
  ];
  it('and would find one', () =>
    assert.deepEqual(cycleFindings(ring("import { a } from './a.ts';")), [
      'tasks/a.ts → tasks/b.ts → tasks/c.ts → tasks/a.ts',
    ]));
  it('and lets a type close it', () => assert.deepEqual(cycleFindings(ring("import type { A } from './a.ts';")), []));
});

describe('tidy: docs/troubleshooting.md explains every code that a task can fail with', () => {
  const page = readFileSync(join(projectFolder, 'docs', 'troubleshooting.md'), 'utf8');
  it('and no other', () => assert.deepEqual(failureCodeFindings(sources, page), []));

  const samples = [
    "throw new Failure(\n  'TooBad',",
    "return { code: 'TooBad', hint };",
    "[/^X$/i, 'TooBad', 'hint']",
    "type OddCode = 'TooBad';",
  ];
  for (const text of samples)
    it(`and would find that nobody explains ${text.replace('\n', '')}`, () =>
      assert.deepEqual(failureCodeFindings([{ path: 'tasks/a.ts', text }], ''), ['TooBad is not explained']));
  it('and would find a code that is gone', () =>
    assert.deepEqual(failureCodeFindings([], '| `Gone` | was there | - |'), [
      'Gone is explained, and nothing fails with it',
    ]));
});

describe('tidy: what a comment or a page points to is there', () => {
  const read = (...path: readonly string[]) => readFileSync(join(projectFolder, ...path), 'utf8');
  const notes = {
    sources: {
      'azure.md': read('docs', 'sources', 'azure.md'),
      'pipelines.md': read('docs', 'sources', 'pipelines.md'),
    },
    decisions: readdirSync(join(projectFolder, 'docs', 'decisions')),
  };
  const pages = ['README.md', 'docs/architecture.md', 'test/azure/README.md', 'test/azure/compute/README.md'];
  const own = 'test/tidy.test.ts'; // has wrong ones on purpose
  const texts = [...sources.filter(({ path }) => path !== own), ...pages.map((path) => ({ path, text: read(path) }))];
  it('in every file of the project', () => assert.deepEqual(referenceFindings(texts, notes), []));
  for (const name of notes.decisions)
    it(`and decision ${name} bears its number`, () =>
      assert.ok(read('docs', 'decisions', name).startsWith(`# ${Number(name.slice(0, 4))}. `)));

  const sample = { sources: { 'a.md': '## 1. One' }, decisions: ['0001-x.md', '0001-y.md'] };
  const text = 'a.md §1, §2; b.md §1; docs/decisions/0003-z.md';
  it('and would find what is not', () =>
    assert.deepEqual(referenceFindings([{ path: 'x.ts', text }], sample), [
      'x.ts points to a.md §2',
      'x.ts points to b.md §1',
      'x.ts points to docs/decisions/0003-z.md',
      'decision 1 is out of its row',
    ]));
});

describe('tidy: time, chance, environment and unfinished work stay where they belong', () => {
  it('in every file of the project', () => assert.deepEqual(strayFindings(sources), []));

  const wrong = [
    { path: 'tasks/common/azure/a.ts', text: 'const now = Date.now();', says: /a\.ts:1 .*the time is an argument/ },
    { path: 'tasks/common/azure/a.ts', text: '\nconst now = new Date();', says: /a\.ts:2 .*the time is an argument/ },
    { path: 'test/azure/core/world.ts', text: 'performance.now()', says: /the time is an argument/ },
    { path: 'tasks/common/drain/a.ts', text: 'setTimeout(go, 5)', says: /waiting is clock\.sleep/ },
    {
      path: 'tasks/common/drain/a.ts',
      text: "import { setTimeout } from 'node:timers/promises';",
      says: /waiting is clock\.sleep/,
    },
    { path: 'tasks/BakeImage/bake.ts', text: 'const name = randomUUID();', says: /chance is an argument/ },
    { path: 'tasks/BakeImage/bake.ts', text: 'Math.random()', says: /chance is an argument/ },
    { path: 'tasks/common/azure/a.ts', text: 'process.env.HTTPS_PROXY', says: /in agent\/ once/ },
    { path: 'README.test.ts', text: `// ${'TO'}${'DO'}: later`, says: /finish it/ },
    { path: 'test/a.test.ts', text: "it.only('x', () => {})", says: /every test runs/ },
  ];
  for (const { path, text, says } of wrong)
    it(`and would find ${text.trim()} in ${path}`, () =>
      assert.match(strayFindings([{ path, text }]).join('\n'), says));

  it('and reads a comment as a comment', () =>
    assert.deepEqual(strayFindings([{ path: 'tasks/a.ts', text: '// not Date.now()\n/* nor\n setTimeout( */' }]), []));
});

/** The outputs of a rollout come out of these, all at once. */
const record = { stable: '', target: '', rolloutId: '' } as RolloutRecord;
const tables: Readonly<Record<string, object>> = {
  UpgradeScaleSetNodes: upgradeOutputs('', record, '', { nodes: [] } as unknown as Situation),
  RollbackScaleSet: rollbackOutputs('', record, []),
};

describe('tidy: code and task.json name the same inputs and outputs', () => {
  for (const task of taskNames())
    it(`of ${task}`, () =>
      assert.deepEqual(
        contractFindings(
          task,
          readTask(projectFolder, task).json as TaskJson,
          sources,
          Object.keys(tables[task] ?? {}),
        ),
        [],
      ));

  const json = {
    inputs: [{ name: 'azureSubscription' }, { name: 'unread' }],
    outputVariables: [{ name: 'unset' }],
  } as unknown as TaskJson;
  const sample = [
    {
      path: 'tasks/T/index.ts',
      text: "import { readRequest } from './inputs.ts';\nagent.connection('azureSubscription');\nagent.output('undeclared', x);",
    },
    { path: 'tasks/T/inputs.ts', text: "inputs.text(\n  'unknown',\n);" },
  ];
  const findings = contractFindings('T', json, sample);
  const wrong = [
    'reads the input unknown',
    'declares the input unread',
    'sets the output undeclared',
    'declares the output unset',
  ];
  for (const words of wrong)
    it(`and would find a task that ${words}`, () => assert.equal(findings.filter((f) => f.includes(words)).length, 1));
  it('and finds nothing else there', () => assert.equal(findings.length, wrong.length));
});

describe('tidy: the lock file installs from any registry, on any system', () => {
  it('in this project', () =>
    assert.deepEqual(lockFindings(JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'))), []));

  it('and would find a registry', () => {
    const resolved = 'https://registry.example/a.tgz';
    assert.match(lockFindings({ packages: { 'node_modules/a': { resolved } } }).join(), /names a registry/);
  });

  it('and would find a package of another system left out', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { 'a-win': '1', 'a-mac': '1' } },
      'node_modules/a-mac': {},
    };
    assert.deepEqual(lockFindings({ packages }), ['a-win, optional for node_modules/a, is not locked']);
  });
});
