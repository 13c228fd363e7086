import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isPassing } from '../../../tasks/common/execute/passing.ts';
import { Failure } from '../../../tasks/common/failure.ts';
import { gatherRefusals } from '../../../tasks/common/preflight/check.ts';

const handbook = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
const codesUnder = (heading: string) =>
  [...(handbook.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(
    ([, code = '']) => code,
  );

/** Ends before any call is made. */
const beforeAnyCall = /^(Connection|Unsupported|Invalid)/;

describe('gatherRefusals', () => {
  const refuse = async (code: string) => {
    const { refusals, check } = gatherRefusals();
    await check(() => {
      throw new Failure(code, 'no', '');
    });
    return refusals.map((refusal) => refusal.code);
  };

  const network = codesUnder('Service connection and network').filter((code) => !beforeAnyCall.test(code));
  const all = [...handbook.matchAll(/^\| `(\w+)` \|/gm)].map(([, code = '']) => code);
  for (const code of new Set([...network, ...all.filter((one) => isPassing(new Failure(one, '', '')))]))
    it(`takes ${code} for no refusal of the plan: it ends the dry run`, () => assert.rejects(refuse(code), { code }));

  for (const code of ['RightsMissing', 'ImageVersionNotFound', 'AccessDenied', 'TooManyTags'])
    it(`keeps ${code}, and looks on`, async () => assert.deepEqual(await refuse(code), [code]));

  it('leaves a defect of our own alone', () =>
    assert.rejects(
      gatherRefusals().check(() => {
        throw new TypeError('a defect');
      }),
      TypeError,
    ));
});
