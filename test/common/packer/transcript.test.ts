import assert from 'node:assert/strict';
import { parseLine } from '../../../tasks/common/packer/machine-readable.ts';
import { emptyTranscript, groupsLeft, heard, type Transcript } from '../../../tasks/common/packer/transcript.ts';

const listen = (...lines: readonly string[]): Transcript =>
  lines.map((line) => parseLine(`1,,ui,${line.replaceAll(', ', '%!(PACKER_COMMA) ')}`)).reduce(heard, emptyTranscript);

const created = [
  'say,==> azure-arm: Creating resource group ...',
  "say,==> azure-arm:  -> ResourceGroupName : 'pkr-Resource-Group-abc'",
];

describe('the transcript of a Packer run', () => {
  it('knows the step that each build is in, without its details', () => {
    const { steps } = listen(...created, 'say,==> other: Connected to SSH!');
    assert.deepEqual(steps, { 'azure-arm': 'Creating resource group ...', other: 'Connected to SSH!' });
  });

  it('moves the bar forward and never back', () => {
    assert.equal(listen('say,==> a: Connected to SSH!', 'say,==> b: Creating resource group ...').percent, 40);
  });

  it('keeps the step that failed, and not the clean-up after it', () => {
    const { failedSteps } = listen(
      'say,==> a: Provisioning with shell script: x.sh',
      'say,==> a: Provisioning step had errors: Running the cleanup provisioner, if present...',
      'say,\\n==> a: Cleanup requested, deleting resource group ...',
      "error,Build 'a' errored after 2 minutes: Script exited",
    );
    assert.deepEqual(failedSteps, { a: 'Provisioning with shell script: x.sh' });
  });

  it('names the step of a build that only says at the end that it failed', () => {
    const { failedSteps } = listen(
      'say,==> a: Deploying deployment template ...',
      "error,Build 'a' errored after 1 s: x",
    );
    assert.deepEqual(failedSteps, { a: 'Deploying deployment template ...' });
  });

  it('does not take what a provisioner prints for a step', () =>
    assert.deepEqual(
      listen('message,==> azure-arm: Creating resource group ...', 'error,==> a: Capturing image').steps,
      {},
    ));

  it('does not take a warning for a step', () =>
    assert.deepEqual(listen('say,==> azure-arm: WARNING: Zone resiliency may not be supported').steps, {}));

  it('does not take headlines for builds', () =>
    assert.deepEqual(listen('say,\\n==> Builds finished. The artifacts of successful builds are:').steps, {}));

  it('remembers the last error lines only', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `error,line ${index}`);
    assert.equal(listen(...lines).errorLines.length, 12);
    assert.equal(listen(...lines).errorLines.at(-1), 'line 49');
  });

  describe('resource groups that stay', () => {
    const cases = [
      { name: 'one that Packer made', lines: created, left: ['pkr-Resource-Group-abc'] },
      {
        name: 'none once Packer says it is deleted',
        lines: [...created, 'say,==> azure-arm: Resource group has been deleted.'],
        left: [],
      },
      {
        name: 'one that Packer did not wait for',
        lines: [...created, 'say,==> azure-arm: Cleanup requested, deleting resource group ...'],
        left: ['pkr-Resource-Group-abc'],
      },
      {
        name: 'none that was there before',
        lines: [
          'say,==> azure-arm: Using existing resource group ...',
          "say,==> azure-arm:  -> ResourceGroupName : 'mine'",
          'say,==> azure-arm: Deploying deployment template ...',
          "say,==> azure-arm:  -> ResourceGroupName : 'mine'",
        ],
        left: [],
      },
      {
        name: 'those of the build that was not cleaned up',
        lines: [
          ...created,
          'say,==> b: Creating resource group ...',
          "say,==> b:  -> ResourceGroupName : 'b-group'",
          'say,==> b: Resource group has been deleted.',
        ],
        left: ['pkr-Resource-Group-abc'],
      },
    ];
    for (const { name, lines, left } of cases)
      it(`are ${name}`, () => assert.deepEqual(groupsLeft(listen(...lines)), left));
  });
});
