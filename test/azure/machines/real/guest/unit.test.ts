import assert from 'node:assert/strict';
import { Tail } from './tail.ts';
import { readUnit } from './unit.ts';
import { parseSpan, parseUnitFile, splitWords } from './unit-file.ts';

describe('unit files', () => {
  it('have sections, comments and continued lines', () => {
    const text =
      '# comment\n[Unit]\nDescription = A shop\n\n[Service]\n; comment\nExecStart=/bin/a \\\n  # not part of it\n  b=c \\\n  d\n';
    assert.deepEqual(parseUnitFile(text), [
      { section: 'Unit', key: 'Description', value: 'A shop' },
      { section: 'Service', key: 'ExecStart', value: '/bin/a b=c d' },
    ]);
  });

  const words: readonly [string, readonly string[]][] = [
    ['/bin/a  b\tc', ['/bin/a', 'b', 'c']],
    [`a "b c" 'd "e"' f"g h"`, ['a', 'b c', 'd "e"', 'fg h']],
    ['"" x', ['', 'x']],
    [String.raw`a\ b "c\"d" 'e\f' g\\h "tab\tx"`, ['a b', 'c"d', String.raw`e\f`, String.raw`g\h`, 'tab\tx']],
    ["it's", ["it's"]],
    ['', []],
  ];
  for (const [text, expected] of words)
    it(`${JSON.stringify(text)} has ${expected.length} words`, () => assert.deepEqual(splitWords(text), expected));

  const spans: readonly [string, number | undefined][] = [
    ['5', 5000],
    ['250ms', 250],
    ['1min 30s', 90_000],
    ['1.5s', 1500],
    ['infinity', Number.POSITIVE_INFINITY],
    ['soon', undefined],
    ['5 parsecs', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of spans)
    it(`a span of ${JSON.stringify(text)} is ${expected} ms`, () => assert.equal(parseSpan(text), expected));

  it('an empty assignment takes back the earlier ones, as drop-ins do', () => {
    const unit = readUnit('a.service', '[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b %n %p %%');
    assert.deepEqual(unit.start, [{ words: ['/bin/b', 'a.service', 'a', '%'], ignoreFailure: false }]);
  });

  const refused: readonly [string, RegExp][] = [
    ['', /has no ExecStart=/],
    ['ExecStart=/bin/a\nType=notify', /Type=notify/],
    ['ExecStart=/bin/a\nRestart=on-watchdog', /Restart=on-watchdog/],
    ['ExecStart=+/bin/a', /prefix \+/],
    ['ExecStart=/bin/a %i', /specifier %i/],
    ['ExecStart=/bin/a\nRestartSec=soon', /RestartSec=soon is not a span of time/],
  ];
  for (const [text, message] of refused)
    it(`${JSON.stringify(text)} is refused`, () =>
      assert.throws(() => readUnit('a.service', `[Service]\n${text}`), message));

  it('notes what has no effect, and not what is true at boot anyway', () => {
    const text = '[Unit]\nAfter=network-online.target\nAfter=db.service\n[Service]\nExecStart=/bin/a\nLimitNOFILE=1024';
    assert.deepEqual(readUnit('a.service', text).notes, [
      'After=db.service has no effect in this machine',
      'LimitNOFILE=1024 has no effect in this machine',
    ]);
  });
});

describe('the tail of a stream', () => {
  it('is its last bytes, from whole characters', () => {
    const tail = new Tail(5);
    for (const chunk of ['abc', 'dé', 'é']) tail.add(Buffer.from(chunk));
    assert.equal(tail.text, 'déé');
    tail.add(Buffer.from('x'));
    assert.equal(tail.text, 'ééx');
    tail.add(Buffer.from('y'));
    assert.equal(tail.text, 'éxy');
  });
});
