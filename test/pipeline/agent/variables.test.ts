import assert from 'node:assert/strict';
import { Masker } from './masking.ts';
import { environmentName, Variables } from './variables.ts';

function some(entries: Readonly<Record<string, string>>): Variables {
  const variables = new Variables(new Masker());
  for (const [name, value] of Object.entries(entries)) variables.set(name, value);
  return variables;
}

const cases = [
  { text: '$(a) $(B)', variables: { a: '1', b: '2' }, shows: '1 2' },
  { text: '$(nope)', variables: {}, shows: '$(nope)' },
  { text: '$(echo $(a))', variables: { a: '1' }, shows: '$(echo 1)' },
  { text: '$()$(', variables: {}, shows: '$()$(' },
  { text: '$(a)', variables: { a: '$(b)', b: '$(c)', c: 'deep' }, shows: 'deep' },
  { text: '$(a)', variables: { a: '$(b)', b: '$(a)' }, shows: '$(b)' },
  { text: '$(HOME_OF_HOST)', variables: {}, shows: '/root' },
];

describe('The variables of a job', () => {
  for (const { text, variables, shows } of cases) {
    it(`fill ${text} with ${JSON.stringify(variables)}`, () => {
      assert.equal(some(variables as unknown as Record<string, string>).expand(text, { HOME_OF_HOST: '/root' }), shows);
    });
  }

  it('are secret where they hold a secret, and stay secret when set again', () => {
    const masker = new Masker();
    const variables = new Variables(masker);
    variables.set('password', 'hunter2', { secret: true });
    variables.set('url', 'https://u:$(password)@h');
    variables.set('password', 'hunter3');
    const secrets = variables.all().filter(({ secret }) => secret);
    assert.deepEqual(
      secrets.map(({ value }) => value),
      ['hunter3', 'https://u:hunter3@h'],
    );
    assert.equal(masker.mask('hunter2 hunter3'), '*** ***');
  });

  it('become environment names', () => assert.equal(environmentName('Agent.Temp Directory'), 'AGENT_TEMP_DIRECTORY'));
});
