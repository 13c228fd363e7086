import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Compares a text with the one that is stored, which people read in a review; `UPDATE=1` writes it anew. */
export function assertStored(file: string, text: string): void {
  if (process.env['UPDATE']) writeFileSync(file, text);
  assert.ok(existsSync(file), `${file} is not there: run this test with UPDATE=1`);
  assert.equal(text, readFileSync(file, 'utf8'), 'run this test with UPDATE=1, and read the difference');
}
