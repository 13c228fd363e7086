import assert from 'node:assert/strict';
import { Masker } from './masking.ts';

const pem = '-----BEGIN-----\nabcdef\n-----END-----';

const cases = [
  { name: 'a secret wherever it stands', secrets: ['s3cret'], text: 'a s3cret and s3cret', shows: 'a *** and ***' },
  { name: 'secrets that overlap, as one', secrets: ['abcd', 'cdef'], text: 'xabcdefx', shows: 'x***x' },
  { name: 'secrets that touch, as one', secrets: ['ab', 'cd'], text: 'abcd', shows: '***' },
  { name: 'a secret that repeats into itself', secrets: ['aba'], text: 'ababa!', shows: '***!' },
  { name: 'a secret in JSON', secrets: ['a"b\\c'], text: '{"p":"a\\"b\\\\c"}', shows: '{"p":"***"}' },
  {
    name: 'a secret in an address',
    secrets: ['p@ss/word'],
    text: 'https://u:p%40ss%2Fword@host',
    shows: 'https://u:***@host',
  },
  { name: 'a secret of several lines printed in one piece', secrets: [pem], text: `key=${pem}`, shows: 'key=***' },
  { name: 'only the lines that were given one by one', secrets: pem.split('\n'), text: 'abcdef', shows: '***' },
  {
    name: 'not the single lines of a secret of several, as the agent',
    secrets: [pem],
    text: 'abcdef',
    shows: 'abcdef',
  },
  { name: 'nothing for an empty secret', secrets: [''], text: 'abc', shows: 'abc' },
];

describe('The masker', () => {
  for (const { name, secrets, text, shows } of cases) {
    it(`hides ${name}`, () => {
      const masker = new Masker();
      for (const secret of secrets) masker.add(secret);
      assert.equal(masker.mask(text), shows);
    });
  }

  it('hides a secret that a person gave also as base64, unquoted and with its lines escaped', () => {
    const masker = new Masker();
    masker.addUserSecret('"two\nlines"');
    const base64 = Buffer.from('"two\nlines"').toString('base64');
    assert.equal(masker.mask(`${base64} two%0Alines`), '*** ***');
  });
});
