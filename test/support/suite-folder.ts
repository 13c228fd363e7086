import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../tasks/common/random.ts';

/**
 * A temporary folder for the suite that asks for it. Its name is known at once; it is there from before the first test until
 * after the last, so that a suite of which no test runs (a dry run, `--grep`) leaves nothing behind.
 */
export function suiteFolder(name: string): string {
  const folder = join(tmpdir(), `${name}-${newId()}`);
  before(() => mkdirSync(folder, { mode: 0o700 }));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
