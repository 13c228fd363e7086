import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../build/project.ts';

const folder = join(projectFolder, 'examples');
const pipelines = readdirSync(join(folder, 'pipelines')).filter((name) => name.endsWith('.yml'));
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('examples/README.md', () => {
  it('lists the six pipelines, and links only to what is there', () => {
    const rows = [...readme.matchAll(/^\| \[[\w.-]+\]\(([^)]+)\)/gm)].map(([, link]) => link);
    assert.deepEqual(
      rows.toSorted(),
      ['azure-pipelines.yml', ...pipelines.map((name) => `pipelines/${name}`)].toSorted(),
    );
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link ?? '');
    assert.deepEqual(
      links.filter((link) => !existsSync(join(folder, link))),
      [],
    );
  });

  for (const name of pipelines)
    it(`has in ${name} a pipeline that says what you must have and how to adapt it, and that a test plays`, () => {
      const text = readFileSync(join(folder, 'pipelines', name), 'utf8');
      const head = text.slice(0, text.search(/^[^#]/m));
      assert.match(head, /^# What you must have: /m);
      assert.match(head, /^# To adapt it: /m);
      assert.ok(existsSync(join(import.meta.dirname, name.replace('.yml', '.test.ts'))));
    });

  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yml'));
  for (const file of ['../README.md', ...files]) {
    const [before = '', ...rollbacks] = readFileSync(join(folder, file), 'utf8').split('- task: RollbackScaleSet@');
    if (rollbacks.length > 0 && before.includes('- task: UpgradeScaleSetNodes@'))
      it(`takes back in ${file.replaceAll('\\', '/')} only what its own run has brought`, () => {
        for (const step of rollbacks) assert.match(step, /^ +to: thisRun\b/m);
      });
  }
});
