import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeSummary } from '../../../tasks/common/agent/summary-file.ts';
import { suiteFolder } from '../../support/suite-folder.ts';

describe('writeSummary', () => {
  const folder = suiteFolder('summaries');

  it('writes the text into a file that bears the title', () => {
    const file = writeSummary(folder, 'web-prod: canary', '# Nodes\n');
    assert.equal(basename(file), 'web-prod canary.md');
    assert.equal(readFileSync(file, 'utf8'), '# Nodes\n');
  });

  it('keeps two summaries of one title apart', () =>
    assert.notEqual(writeSummary(folder, 'same', '1'), writeSummary(folder, 'same', '2')));

  const titles = [
    { title: '../../etc/passwd', name: '.. .. etc passwd.md' },
    { title: 'a\u0000b\nc', name: 'a b c.md' },
    { title: 'ends with dots. .', name: 'ends with dots.md' },
    { title: '***', name: 'Summary.md' },
    { title: 'x'.repeat(300), name: `${'x'.repeat(120)}.md` },
  ];
  for (const { title, name } of titles)
    it(`makes a file name of ${JSON.stringify(title.slice(0, 20))} that stays in the folder`, () => {
      const file = writeSummary(folder, title, '', 'id');
      assert.equal(basename(file), name);
      assert.equal(dirname(file), join(folder, 'phoenix-summary-id'));
    });
});
