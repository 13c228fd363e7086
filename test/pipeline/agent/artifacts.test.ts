import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suiteFolder } from '../../support/suite-folder.ts';
import { Artifacts } from './artifacts.ts';
import { fitsPatterns } from './file-pattern.ts';

const patterns: readonly (readonly [path: string, patterns: string, fits: boolean])[] = [
  ['a/b.js', '**', true],
  ['b.js', '*.js', true],
  ['a/b.js', '*.js', false],
  ['a/b.js', '**/*.js', true],
  ['b.js', '**/*.js', true],
  ['a/x/b.js', 'a/**', true],
  ['bjs', 'b.js', false],
  ['b1.js', 'b?.js', true],
  ['b.js', '*.css\n*.js', true],
  ['b.js', '**\n!*.js', false],
  ['b.js', '!*.js\n**', true],
  ['b.js', '', false],
];

describe('A pattern of files', () => {
  for (const [path, text, fits] of patterns)
    it(`${JSON.stringify(text)} ${fits ? 'takes' : 'leaves out'} ${path}`, () =>
      assert.equal(fitsPatterns(path, text), fits));
});

describe('The artifacts of a run', () => {
  const home = suiteFolder('artifacts');
  const file = join(home, 'file.txt');
  before(() => writeFileSync(file, 'text'));

  for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a:b', 'a*', 'a\nb'])
    it(`are never called ${JSON.stringify(name)}`, () => {
      assert.throws(() => new Artifacts(home).publish(name, file), /can't be an artifact's name/);
      assert.throws(() => new Artifacts(home).upload(name, 'x', file), /can't be an artifact's name/);
    });

  it('never leave their container, and are made of what is there', () => {
    assert.throws(() => new Artifacts(home).upload('a', '../../x', file), /leaves the container/);
    assert.throws(() => new Artifacts(home).publish('a', join(home, 'gone')), /Path does not exist/);
  });

  it('are folders of one container: what is uploaded to a folder belongs to each artifact that it is', () => {
    const artifacts = new Artifacts(join(home, 'container'));
    const other = join(home, 'other.txt');
    writeFileSync(other, 'text');
    artifacts.upload('one', 'shared', file);
    artifacts.upload('two', 'shared', other);
    artifacts.upload('alone', '', file);
    const count = (name: string) => artifacts.download(name, '**', join(home, 'out'));
    assert.deepEqual(['one', 'two', 'alone'].map(count), [2, 2, 1]);
  });

  it('keep the case of the name that came first', () => {
    const artifacts = new Artifacts(join(home, 'kept'));
    artifacts.upload('Drop', 'f', file);
    artifacts.upload('DROP', 'f', file);
    mkdirSync(join(home, 'to'));
    assert.deepEqual(artifacts.names(), ['Drop']);
    assert.equal(artifacts.download('drop', '**', join(home, 'to')), 1);
  });
});
