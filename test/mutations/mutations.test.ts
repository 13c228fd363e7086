import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';
import { mutations } from './guards.ts';
import { type MochaReport, runMocha } from './mocha-report.ts';
import { type Mutation, mutated } from './mutation.ts';
import { tryAll } from './try-all.ts';
import { unmutated, verdict } from './verdict.ts';

describe('the list of guards', function () {
  this.timeout(60_000);

  it('is long, and names each guard once', () => {
    const guards = mutations.map(({ guard }) => guard);
    assert.ok(guards.length >= 140, `${guards.length} guards`);
    assert.deepEqual(
      guards.filter((guard, index) => guards.indexOf(guard) < index),
      [],
    );
  });

  it('has texts that stand in their files once, and are not what they are replaced by', () => {
    for (const mutation of mutations) {
      const source = readFileSync(join(projectFolder, mutation.file), 'utf8');
      assert.notEqual(mutated(source, mutation), source, mutation.guard);
    }
  });

  it('names tests that are there', async () => {
    const files = [...new Set(mutations.map(({ test }) => test.file))];
    const report = await runMocha(projectFolder, { files, dryRun: true });
    const titles = new Set(report?.tests.map(({ fullTitle }) => fullTitle));
    assert.deepEqual(
      mutations.map(({ test }) => test.title).filter((title) => !titles.has(title)),
      [],
    );
  });
});

const named = { file: 'a.test.ts', title: 'a keeps b' };
const failed = (stack: string, code?: string, fullTitle = named.title): MochaReport => ({
  tests: [{ fullTitle: named.title }],
  passes: [],
  failures: [{ fullTitle, err: { stack, message: stack, ...(code !== undefined && { code }) } }],
});
const passed: MochaReport = { tests: [{ fullTitle: named.title }], passes: [{ fullTitle: named.title }], failures: [] };

describe('the verdict on a guard that was taken away', () => {
  const cases: readonly { name: string; report: MochaReport | undefined; says: RegExp; kind?: 'red' }[] = [
    {
      name: 'its test failed',
      report: failed('AssertionError: 1 is not 2', 'ERR_ASSERTION'),
      kind: 'red',
      says: /1 is/,
    },
    { name: 'its test heard a refusal', report: failed('Failure: it was refused'), kind: 'red', says: /refused/ },
    { name: 'nothing failed', report: passed, says: /no test noticed/ },
    { name: 'a hook failed', report: failed('x', '', '"before each" hook for "keeps b"'), says: /another.*hook/ },
    { name: 'the code broke', report: failed('ReferenceError: b is not defined'), says: /the code broke/ },
    { name: 'time ran out', report: failed('Error: Timeout of 60000ms', 'ERR_MOCHA_TIMEOUT'), says: /ran out of time/ },
    { name: 'nothing loaded', report: undefined, says: /do not load, or do not end/ },
  ];
  for (const { name, report, says, kind = 'finding' } of cases)
    it(`is "${kind}" when ${name}`, () => {
      const { kind: found, because } = verdict(report, named);
      assert.equal(found, kind);
      assert.match(because, says);
    });

  it('needs a test that was green before', () => {
    assert.equal(unmutated(passed, named), undefined);
    assert.match(unmutated(failed('x'), named) ?? '', /fails with the guard in place/);
    assert.match(unmutated({ tests: [], passes: [], failures: [] }, named) ?? '', /is not there/);
    assert.match(unmutated(undefined, named) ?? '', /does not load/);
  });
});

describe('taking guards away', function () {
  this.timeout(60_000);
  let project = '';
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'phoenix-guarded-'));
    symlinkSync(join(projectFolder, 'node_modules'), join(project, 'node_modules'), 'junction');
    writeFileSync(join(project, 'package.json'), '{"type":"module"}');
    writeFileSync(join(project, 'half.ts'), half);
    writeFileSync(join(project, 'half.test.ts'), halfTest);
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  it('tells the guards that a test watches from those that none does, and leaves the project as it was', async () => {
    const odd = { ...halfMutation, guard: 'odd numbers', text: "  if (n % 2 !== 0) throw new Error('odd');\n" };
    const negative = {
      ...halfMutation,
      guard: 'negative numbers',
      text: "  if (n < 0) throw new Error('negative');\n",
    };
    const tried = await tryAll(project, [odd, negative], 1, () => {});
    assert.deepEqual(
      tried.map(({ mutation, verdict: { kind, because } }) => [mutation.guard, kind, because]),
      [
        ['odd numbers', 'red', 'Missing expected exception.'],
        ['negative numbers', 'finding', 'no test noticed'],
      ],
    );
    assert.equal(readFileSync(join(project, 'half.ts'), 'utf8'), half);
  });
});

const half = `export function half(n: number): number {
  if (n % 2 !== 0) throw new Error('odd');
  if (n < 0) throw new Error('negative');
  return n / 2;
}
`;
const halfTest = `import assert from 'node:assert/strict';
import { half } from './half.ts';
describe('half', () => it('refuses what has none', () => assert.throws(() => half(3))));
`;
const halfMutation: Mutation = {
  guard: '',
  file: 'half.ts',
  text: '',
  without: '',
  test: { file: 'half.test.ts', title: 'half refuses what has none' },
};
