import assert from 'node:assert/strict';
import { parseNodeUrl, urlOn } from '../../../tasks/common/health/node-url.ts';

describe('the address at which each node is asked', () => {
  const good = [
    { typed: 'http://:8080/healthz', asked: 'http://10.0.0.4:8080/healthz' },
    { typed: ' HTTPS://:8443/is/it?well=yes ', asked: 'https://10.0.0.4:8443/is/it?well=yes' },
    { typed: 'http://', asked: 'http://10.0.0.4:80/' },
    { typed: 'https:///healthz', asked: 'https://10.0.0.4:443/healthz' },
  ];
  for (const { typed, asked } of good)
    it(`is ${asked} for ${typed}`, () => {
      const url = parseNodeUrl(typed);
      assert.equal(url && urlOn(url, '10.0.0.4'), asked);
    });

  it('has an address of version 6 in brackets', () => {
    const url = parseNodeUrl('http://:8080/');
    assert.equal(url && urlOn(url, 'fd00::4'), 'http://[fd00::4]:8080/');
  });

  for (const typed of [
    '',
    'http://node:8080/',
    'http://10.0.0.4/',
    'ftp://:21/',
    'http://:0/',
    'http://:/',
    'http://:80/#a',
    'http://:80/a b',
  ])
    it(`is not "${typed}"`, () => assert.equal(parseNodeUrl(typed), undefined));
});
