import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readScript, withEnding } from './script.ts';
import { tell } from './tell.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** `UPDATE=1 npm test -- test/scenarios/stories` writes down anew what the stories end in: read that diff as you would code. */
describe('a story', () => {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.story'))) {
    const text = readFileSync(folder + name, 'utf8');
    const script = readScript(text);
    it(script.title, async () => {
      const told = await tell(script);
      if (process.env['UPDATE'] === '1') writeFileSync(folder + name, withEnding(text, told));
      else assert.equal(told, script.told);
    });
  }
});
