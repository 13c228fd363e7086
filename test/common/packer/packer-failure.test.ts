import assert from 'node:assert/strict';
import { packerFailure } from '../../../tasks/common/packer/packer-failure.ts';
import type { Ending } from '../../../tasks/common/packer/supervise.ts';
import { emptyTranscript, type Transcript } from '../../../tasks/common/packer/transcript.ts';

/** What Packer 1.10 and later say, as they wrap it: packer/core.go, hcl2template/plugin.go. */
const integrations = [
  'You may find the needed plugin along with installation instructions documented',
  'on the Packer integrations page.',
  'https://developer.hashicorp.com/packer/integrations?filter=azure',
];
const withoutPlugin = {
  'a JSON template': [
    'Error: Failed to initialize build "azure-arm"',
    'The builder azure-arm is unknown by Packer, and is likely part of a plugin that',
    'is not installed.',
    ...integrations,
  ],
  'an HCL2 template that names no plugin': [
    'Error: Unknown source type azure-arm',
    'on /image/shop.pkr.hcl line 72:',
    '(source code not available)',
    'The source azure-arm is unknown by Packer, and is likely part of a plugin that',
    'is not installed.',
    ...integrations,
  ],
  'an HCL2 template whose plugin was not fetched': [
    'Error: Missing plugins',
    'The following plugins are required, but not installed:',
    '* github.com/hashicorp/azure >= 2.2.0',
    'Did you run packer init for this project ?',
  ],
};

const attempt = { command: 'build', template: '/t.json', timeout: '5 minutes' } as const;
const ended: Ending = { exitCode: 0, signal: undefined, stoppedBy: undefined, unfinished: false };
const group = { build: 'a', name: 'pkr-abc', deleted: false };

function say(ending: Partial<Ending>, transcript: Partial<Transcript> = {}) {
  const failure = packerFailure(attempt, { ...ended, ...ending }, { ...emptyTranscript, ...transcript });
  return failure && `${failure.code}: ${failure.message} | ${failure.hint}`;
}

describe('packerFailure', () => {
  it('is nothing when Packer ended well', () => assert.equal(say({}), undefined));

  const cases: readonly { name: string; ending: Partial<Ending>; transcript: Partial<Transcript>; says: RegExp }[] = [
    {
      name: 'a cancel, although 1.6.6 ends with 0 after it',
      ending: { stoppedBy: 'cancel' },
      transcript: {},
      says: /^Cancelled: .*cleaned up/,
    },
    {
      name: 'what a cut-off clean-up may leave behind',
      ending: { stoppedBy: 'cancel', exitCode: undefined, unfinished: true },
      transcript: { groups: [group] },
      says: /had not ended.*az group delete --name pkr-abc/,
    },
    {
      name: 'a timeout with the step it was in',
      ending: { stoppedBy: 'timeout' },
      transcript: { steps: { a: 'Waiting for SSH' } },
      says: /^PackerTimeout: .*5 minutes.*"Waiting for SSH" \(a\)/,
    },
    {
      name: 'exit code, provisioner, reason and cure',
      ending: { exitCode: 1 },
      transcript: {
        failures: ['a: Script exited with non-zero exit status: 3'],
        failedSteps: { a: 'Provisioning with shell script: x.sh' },
      },
      says: /^BuildFailed: .*exit code 1 in "Provisioning with shell script: x\.sh" \(a\): a: Script exited.*3 \| A provisioner's script/,
    },
    {
      name: 'the last error lines when Packer gives no summary',
      ending: { exitCode: 1 },
      transcript: { errorLines: ['Error: Unknown builder azure-arm', "==> Some builds didn't complete successfully"] },
      says: /Unknown builder azure-arm \| .*packer plugins install/,
    },
    {
      name: 'what an old Packer needs for federation',
      ending: { exitCode: 1 },
      transcript: { errorLines: ['* client_jwt is missing the x5t header value'] },
      says: /Azure plugin 2\.2/,
    },
    {
      name: 'a death by signal',
      ending: { exitCode: undefined, signal: 'SIGKILL' },
      transcript: {},
      says: /signal SIGKILL without saying why/,
    },
  ];
  for (const { name, ending, transcript, says } of cases)
    it(`says ${name}`, () => assert.match(say(ending, transcript) ?? '', says));

  for (const [template, errorLines] of Object.entries(withoutPlugin))
    it(`says how the plugin gets there for ${template}`, () =>
      assert.match(
        say({ exitCode: 1 }, { errorLines }) ?? '',
        /required_plugins.*packer init.*packer plugins install/,
      ));

  it('says how the next attempt gets a name of its own', () => {
    const failures = [
      'azure-arm: the managed image named a already exists in the resource group b, use the -force option',
    ];
    assert.match(say({ exitCode: 1 }, { failures }) ?? '', /\| An image of that name exists.*System\.JobAttempt/);
  });
});
