import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';
import { partOf, parts } from './test-parts.ts';

describe('test time by part', () => {
  it('is written down beside the usual last lines, which CI counts by', () => {
    const folder = mkdtempSync(join(tmpdir(), 'phoenix-times-'));
    try {
      const file = join(folder, 'times.json');
      const run = spawnSync(
        process.execPath,
        ['node_modules/mocha/bin/mocha.js', 'test/common/rollout/limits.test.ts'],
        {
          cwd: projectFolder,
          env: { ...process.env, TEST_TIMES: file },
          encoding: 'utf8',
        },
      );
      assert.match(run.stdout, /^ {2}\d+ passing \(.+\)$/m);
      assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, 'utf8'))), ['rooms of common/', 'conformance']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(30_000);

  it('knows no part that has no tests', () => {
    const files = readdirSync(join(projectFolder, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => partOf(`test/${path.replaceAll('\\', '/')}`));
    assert.deepEqual(new Set(parts.map(([, part]) => part).filter((part) => !files.includes(part))), new Set());
  });
});
