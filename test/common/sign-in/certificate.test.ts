import assert from 'node:assert/strict';
import { createPrivateKey, type KeyExportOptions } from 'node:crypto';
import { Failure } from '../../../tasks/common/failure.ts';
import { readKeyPair } from '../../../tasks/common/sign-in/certificate.ts';
import { type NewCertificate, newCertificate } from '../../azure/index.ts';

const now = Date.parse('2026-01-05T09:00:00Z');

describe('readKeyPair', () => {
  let own: NewCertificate;
  let other: NewCertificate;
  let curve: NewCertificate;
  let old: NewCertificate;
  before(async () => {
    [own, other, curve, old] = await Promise.all([
      newCertificate(),
      newCertificate(),
      newCertificate({ kind: 'ec' }),
      newCertificate({ until: '2026-01-05T09:00:00Z' }),
    ]);
  });

  const exported = (format: KeyExportOptions<'pem'>) => String(createPrivateKey(own.key).export(format));
  const bags = 'Bag Attributes\n    localKeyID: 01 00 00 00\nKey Attributes: <No Attributes>\n';

  const good = [
    { name: 'certificate first', pem: () => own.certificate + own.key },
    { name: 'key first', pem: () => own.key + own.certificate },
    { name: 'what openssl pkcs12 writes', pem: () => bags + own.key + bags + own.certificate + other.certificate },
    { name: 'a PKCS #1 key', pem: () => exported({ type: 'pkcs1', format: 'pem' }) + own.certificate },
    { name: 'lines of Windows', pem: () => (own.certificate + own.key).replaceAll('\n', '\r\n') },
  ];
  for (const { name, pem } of good)
    it(`takes ${name}`, () => assert.equal(readKeyPair('the shop', pem(), now).key.asymmetricKeyType, 'rsa'));

  const cipher = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const cut = (pem: string) => pem.replace(/(-----\n.{20}).*\n/, '$1\n');
  const bad = [
    { name: 'no key', pem: () => own.certificate, says: /no private key/, hint: /whole PEM/ },
    { name: 'no certificate', pem: () => own.key, says: /no certificate/, hint: /whole PEM/ },
    { name: 'something else', pem: () => 'c:\\certs\\spn.pem', says: /no certificate/, hint: /whole PEM/ },
    {
      name: 'a cut certificate',
      pem: () => cut(own.certificate) + own.key,
      says: /certificate that cannot be read/,
      hint: /whole PEM/,
    },
    {
      name: 'a cut key',
      pem: () => own.certificate + cut(own.key),
      says: /private key that cannot be read/,
      hint: /whole PEM/,
    },
    {
      name: 'an encrypted key',
      pem: () => own.certificate + exported({ type: 'pkcs8', format: 'pem', ...cipher }),
      says: /encrypted private key/,
      hint: /openssl pkey/,
    },
    {
      name: 'a key encrypted the older way',
      pem: () => own.certificate + exported({ type: 'pkcs1', format: 'pem', ...cipher }),
      says: /encrypted private key/,
      hint: /openssl pkey/,
    },
    {
      name: 'the key of another',
      pem: () => own.certificate + other.key,
      says: /another certificate/,
      hint: /this very/,
    },
    { name: 'a key on a curve', pem: () => curve.certificate + curve.key, says: /of the kind ec/, hint: /RSA/ },
    {
      name: 'an expired certificate',
      pem: () => old.certificate + old.key,
      says: /expired on Jan +5/,
      hint: /new certificate/,
    },
  ];
  for (const { name, pem, says, hint } of bad)
    it(`refuses ${name}, and shows nothing of it`, () =>
      assert.throws(
        () => readKeyPair('the shop', pem(), now),
        (error) => {
          assert.ok(error instanceof Failure);
          assert.equal(error.code, 'CertificateUnusable');
          assert.match(error.message, /^Service connection the shop.*servicePrincipalCertificate/);
          assert.match(error.message, says);
          assert.match(error.hint, hint);
          assert.doesNotMatch(`${error.message}${error.hint}${String(error.cause)}`, /MII|spn\.pem/);
          return true;
        },
      ));

  it('refuses one that is not valid yet', () =>
    assert.throws(() => readKeyPair('the shop', own.certificate + own.key, Date.parse('2019-06-01')), {
      code: 'CertificateUnusable',
      message: /valid only from/,
      hint: /clock/,
    }));
});
