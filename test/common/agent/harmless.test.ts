import assert from 'node:assert/strict';
import fc from 'fast-check';
import { harmless, harmlessLine } from '../../../tasks/common/agent/harmless.ts';

/** As an agent of any age reads a line: with all that weighs nothing in a comparison by culture left out, in any case. */
function commandsSeenIn(output: string): readonly string[] {
  return output.split(/\r\n|\n|\r/).filter((line) => /##vso\[|##\[/i.test(line.replace(weightless, '')));
}
const weightless = /[\p{M}\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu;

describe('harmless', () => {
  const cases = [
    {
      name: 'leaves plain text alone',
      text: 'azure-arm: apt-get ## done #vso',
      shown: 'azure-arm: apt-get ## done #vso',
    },
    { name: 'keeps tabs, letters of all scripts and pictures', text: '\tgrün 한국어 🙂', shown: '\tgrün 한국어 🙂' },
    {
      name: 'breaks a command at the start',
      text: '##vso[task.complete result=Succeeded;]',
      shown: '##_vso[task.complete result=Succeeded;]',
    },
    {
      name: 'breaks a command in the middle',
      text: 'hello ##vso[task.setvariable variable=a]b',
      shown: 'hello ##_vso[task.setvariable variable=a]b',
    },
    { name: 'breaks a command in other letters', text: '##VsO[x.y]', shown: '##_VsO[x.y]' },
    { name: 'breaks each of several commands', text: '##vso[a.b]##vso[c.d]', shown: '##_vso[a.b]##_vso[c.d]' },
    { name: 'breaks a mark behind further hashes', text: '###vso[a.b]', shown: '###_vso[a.b]' },
    { name: 'breaks marks of the run page', text: '##[group]x ##[error]y', shown: '##_[group]x ##_[error]y' },
    {
      name: 'breaks the word of which the agent warns',
      text: '##vso without bracket',
      shown: '##_vso without bracket',
    },
    { name: 'leaves a Markdown heading alone', text: '## Results', shown: '## Results' },
    { name: 'removes colours', text: '\u001b[1;32mgreen\u001b[0m', shown: 'green' },
    { name: 'removes colours with the one-byte introducer', text: '\u009b31mred', shown: 'red' },
    { name: 'removes a window title', text: '\u001b]0;##vso[a.b]\u0007text', shown: 'text' },
    {
      name: 'removes a link and keeps its text',
      text: '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\',
      shown: 'link',
    },
    { name: 'sees a command that colours hide', text: '#\u001b[31m#vso\u001b[0m[a.b]', shown: '##_vso[a.b]' },
    { name: 'sees a command that controls hide', text: '#\u0000#v\u0007so\u0008[a.b]', shown: '##_vso[a.b]' },
    {
      name: 'sees a command that zero-width characters hide',
      text: '##v\u200bs\u00ado\ufeff[a.b]',
      shown: '##_vso[a.b]',
    },
    { name: 'sees a command behind a variation selector', text: '#\ufe0f#vso[a.b]', shown: '##_vso[a.b]' },
    { name: 'removes characters that turn the reading direction', text: 'a\u202eb\u2066c', shown: 'abc' },
    { name: 'shows of a progress bar the last state', text: '10%\r50%\r100%', shown: '100%' },
    { name: 'sees a command behind a carriage return', text: 'x\r##vso[a.b]', shown: '##_vso[a.b]' },
    { name: 'takes CR LF for a line end', text: 'one\r\ntwo\r\r\nthree', shown: 'one\ntwo\nthree' },
    { name: 'replaces half a surrogate pair', text: 'a\ud800b', shown: 'a\ufffdb' },
    { name: 'drops a torn escape sequence', text: 'end\u001b[', shown: 'end' },
  ];
  for (const { name, text, shown } of cases) it(name, () => assert.equal(harmless(text), shown));

  it('cuts a very long line and says how much is left out', () =>
    assert.equal(harmless('x'.repeat(12), { maxLineLength: 10, maxLines: 9 }), 'xxxxxxxxxx … (2 characters left out)'));

  it('cuts very many lines and says so', () =>
    assert.equal(harmless('1\n2\n3', { maxLineLength: 9, maxLines: 2 }), '1\n2\n… (further lines left out)'));

  it('makes one line of many', () => assert.equal(harmlessLine(' a\r\n\tb\u2028c '), 'a b c'));

  it('never lets a command through, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        assert.deepEqual(commandsSeenIn(harmless(text)), []);
        assert.deepEqual(commandsSeenIn(harmlessLine(text)), []);
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds no more to do in what it has made harmless', () => {
    fc.assert(
      fc.property(hostileText, (text) => assert.equal(harmless(harmless(text)), harmless(text))),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the text', () => {
    const text = '#\u0301'.repeat(200_000);
    const started = process.cpuUsage().user;
    harmless(text, { maxLineLength: text.length, maxLines: 1 });
    assert.ok(process.cpuUsage().user - started < 2_000_000, 'less than two seconds for 400,000 characters');
  });
});

/** Pieces of which commands, escapes and hiding places are made. */
const pieces = [
  '#',
  '##',
  'v',
  's',
  'o',
  'V',
  'vso',
  '[',
  ']',
  '##vso[',
  '##[',
  'task.complete ',
  '\r',
  '\n',
  '\r\n',
  '\u001b',
  '\u001b[',
  '\u001b]',
  '0m',
  '\u0007',
  '\u009b',
  '\u0000',
  '\u200b',
  '\u00ad',
  '\u034f',
  '\ufe0f',
  '\u0301',
  '\ud800',
  '\udc00',
  '\ue000',
  '\u{e0001}',
  '\u2028',
  ' ',
  '_',
  'é',
  '🙂',
];
const hostileText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
