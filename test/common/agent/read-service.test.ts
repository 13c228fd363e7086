import assert from 'node:assert/strict';
import { readService } from '../../../tasks/common/agent/read-service.ts';

const variables = { 'System.CollectionUri': 'https://dev.azure.com/contoso/', 'System.TeamProjectId': 'p-1' };

function read(token: string | undefined, given: Readonly<Record<string, string>> = variables) {
  const masked: string[] = [];
  const nothing = () => undefined;
  const service = readService(
    {
      url: nothing,
      scheme: nothing,
      data: nothing,
      parameter: (id, key) => (id === 'SystemVssConnection' && key === 'AccessToken' ? token : undefined),
      variable: (name) => given[name],
    },
    (secret) => masked.push(secret),
  );
  return { service, masked };
}

describe('readService', () => {
  it('reads the collection, the project and the job’s token, and hides the token', () =>
    assert.deepEqual(read('j0b'), {
      service: { collection: 'https://dev.azure.com/contoso', projectId: 'p-1', accessToken: 'j0b' },
      masked: ['j0b'],
    }));

  it('knows no service without a token', () => assert.equal(read(undefined).service, undefined));

  for (const missing of Object.keys(variables))
    it(`knows no service without ${missing}, and hides the token all the same`, () =>
      assert.deepEqual(read('j0b', { ...variables, [missing]: '' }), { service: undefined, masked: ['j0b'] }));
});
