import assert from 'node:assert/strict';
import { maskedForms } from '../../../tasks/common/agent/masks.ts';

describe('maskedForms', () => {
  const pem = ['-----BEGIN PRIVATE KEY-----', 'MIIEvQIBADANBg', 'kqhkiG9w0BAQEF', '-----END PRIVATE KEY-----'];
  const cases = [
    { name: 'hides a plain secret as it is', secret: 'abc123', forms: ['abc123'] },
    { name: 'hides what an URL makes of it', secret: 'a+b/c=', forms: ['a+b/c=', 'a%2Bb%2Fc%3D'] },
    { name: 'hides what JSON makes of it', secret: 'a"b\\', forms: ['a"b\\', 'a\\"b\\\\', 'a%22b%5C'] },
    {
      name: 'hides each line of a key, but not its borders',
      secret: pem.join('\n'),
      forms: ['MIIEvQIBADANBg', 'kqhkiG9w0BAQEF'],
    },
    {
      name: 'hides no lines so short that they are everywhere',
      secret: '{\r\n"key": "long enough"\r\n}',
      forms: ['"key": "long enough"', '\\"key\\": \\"long enough\\"', '%22key%22%3A%20%22long%20enough%22'],
    },
    { name: 'hides a secret that is short as a whole', secret: 'pw', forms: ['pw'] },
    { name: 'hides it without the spaces around it too', secret: ' pw ', forms: [' pw ', 'pw', '%20pw%20'] },
    { name: 'has nothing to hide in an empty one', secret: ' \n', forms: [] },
  ];
  for (const { name, secret, forms } of cases) it(name, () => assert.deepEqual(maskedForms(secret), forms));
});
