import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fakeTime } from './fake-time.ts';
import { openPool } from './process-pool.ts';

describe('a pool of processes', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pool-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const program = (text: string) => {
    const file = join(folder, 'worker.mjs');
    writeFileSync(file, text);
    return pathToFileURL(file);
  };
  const doubling = "process.on('message', ({ it }) => process.send(it * 2));";

  it('answers every job, though there are more of them than processes', async () => {
    const pool = openPool<{ it: number }, number>(program(doubling), 2);
    try {
      assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((it) => pool.run({ it }))), [2, 4, 6, 8, 10]);
    } finally {
      pool.close();
    }
  });

  it('is heard while time is faked, and stands still', async () => {
    const pool = openPool<{ it: number }, number>(program(doubling), 1);
    const clock = fakeTime('2026-01-05T09:00:00Z');
    try {
      assert.equal(await pool.run({ it: 21 }), 42);
    } finally {
      clock.uninstall();
      pool.close();
    }
  });

  it('tells when a process has ended by itself', async () => {
    const pool = openPool<{ it: number }, number>(program("process.on('message', () => process.exit(3));"), 1);
    try {
      await assert.rejects(pool.run({ it: 1 }), /ended by itself with 3/);
    } finally {
      pool.close();
    }
  });
});
