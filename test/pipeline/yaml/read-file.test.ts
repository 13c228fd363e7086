import assert from 'node:assert/strict';
import { PipelineError } from './problem.ts';
import { parseYaml } from './read-file.ts';

const refusals = [
  { name: 'a tab', yaml: 'a: 1\n\tb: 2', line: 2, says: /./ },
  { name: 'an anchor', yaml: 'a: 1\nb: &x { c: 1 }', line: 2, says: /no YAML anchors, found "&x"/ },
  { name: 'an alias', yaml: 'a: 1\n\nb: *x', line: 3, says: /./ },
  { name: 'a key that is a list', yaml: 'a: 1\n? [x, y]\n: 2', line: 2, says: /a key must be a plain text/ },
  { name: 'an empty file', yaml: '# nothing', line: 1, says: /the file is empty/ },
];

describe('A pipeline file', () => {
  for (const { name, yaml, line, says } of refusals) {
    it(`is refused with the line of ${name}`, () => {
      assert.throws(
        () => parseYaml(yaml, 'ci.yml'),
        (problem) =>
          problem instanceof PipelineError &&
          problem.message.startsWith(`ci.yml:${line}: `) &&
          says.test(problem.message),
      );
    });
  }

  it('keeps every scalar as it is written, with its line', () => {
    const node = parseYaml('a: 1.10\nb: [007, yes, "q", ~]\nc:\nd: |\n  two\n  lines\n', 'ci.yml');
    assert.ok(node.kind === 'map');
    const texts = node.entries.map(({ key, place, value }) => [
      key,
      place.line,
      value.kind === 'list'
        ? value.items.map((item) => (item.kind === 'scalar' ? item.text : ''))
        : value.kind === 'scalar' && value.text,
    ]);
    assert.deepEqual(texts, [
      ['a', 1, '1.10'],
      ['b', 2, ['007', 'yes', 'q', '~']],
      ['c', 3, ''],
      ['d', 4, 'two\nlines\n'],
    ]);
  });
});
