import type { BadCase } from '../support/case.ts';

type Row = readonly [bad: string, input: string, value: string, code: string, hint: RegExp];

const numbers: readonly Row[] = [
  ['no node', 'nodes', '0', 'InputOutOfRange', /at least 1 node/],
  ['a share of nothing', 'nodes', '0%', 'InputOutOfRange', /above 0%/],
  ['fewer than none', 'nodes', '-1', 'InputOutOfRange', /such as 2/],
  ['more than all', 'nodes', '101%', 'InputOutOfRange', /up to 100%/],
  ['a word for a number', 'nodes', 'all', 'InvalidInput', /such as 2, or a share/],
  ['half a node', 'nodes', '1.5', 'InvalidInput', /whole number/],
  ['a decimal comma', 'nodes', '12,5%', 'InvalidInput', /whole number/],
  ['no room to work in', 'maxUnavailable', '0', 'InputOutOfRange', /at least 1 node/],
  ['a share below nothing', 'maxUnavailable', '-10%', 'InputOutOfRange', /up to 100%/],
  ['a limit in words', 'maxUnavailable', 'one', 'InvalidInput', /whole number of nodes/],
  ['a share of failures', 'maxFailedNodes', '10%', 'InvalidInput', /whole number from 0 to 1000/],
  ['fewer failures than none', 'maxFailedNodes', '-1', 'InputOutOfRange', /from 0 to 1000/],
  ['seconds with their unit', 'minReadySeconds', '30s', 'InvalidInput', /whole number from 0 to 3600/],
  ['two hours of health', 'minReadySeconds', '7200', 'InputOutOfRange', /to 3600/],
  ['a number in hexadecimal', 'minReadySeconds', '0x1E', 'InvalidInput', /whole number/],
];

const times: readonly Row[] = [
  ['a unit in words', 'nodeHealthTimeout', '10 minutes', 'InvalidInput', /such as 90s, 10m/],
  ['a time below nothing', 'nodeHealthTimeout', '-5m', 'InvalidInput', /length of time/],
  ['a time too long', 'nodeHealthTimeout', '3h', 'InputOutOfRange', /2h at most/],
  ['no time at all', 'nodeHealthTimeout', '0m', 'InputOutOfRange', /longer than nothing/],
  ['a stop in words', 'checkpoints', 'half', 'InvalidInput', /shares below 100%, with commas/],
  ['a stop at the end', 'checkpoints', '10%, 100%', 'InvalidInput', /shares below 100%/],
  ['a stop before the first node', 'checkpoints', '0', 'InvalidInput', /numbers of nodes/],
  ['a day at each stop', 'bakeTime', '1d', 'InputOutOfRange', /5h at most/],
  ['a look at the clock', 'bakeTime', 'noon', 'InvalidInput', /length of time/],
  ['a job longer than a job may be', 'jobDeadline', '8h', 'InputOutOfRange', /6h at most/],
  ['a job until tomorrow', 'jobDeadline', 'tomorrow', 'InvalidInput', /length of time/],
  ['a job of no time', 'jobDeadline', '0m', 'InputOutOfRange', /longer than nothing/],
  ['a time of the clock', 'progressDeadline', '00:30:00', 'InvalidInput', /length of time/],
  ['a day without progress', 'progressDeadline', '1d', 'InputOutOfRange', /6h at most/],
  ['a drain longer than Azure lets a script run', 'drainTimeout', '90m', 'InputOutOfRange', /85m at most/],
  ['a drain of no time', 'drainTimeout', '0s', 'InputOutOfRange', /longer than nothing/],
  ['a drain in an ISO period', 'drainTimeout', 'PT5M', 'InvalidInput', /length of time/],
];

const words: readonly Row[] = [
  ['a word that nobody offers', 'onDrainTimeout', 'ignore', 'InvalidInput', /one of: fail, proceed/],
  ['yes for true', 'takeover', 'yes', 'InvalidInput', /one of: true, false/],
  ['a third way with protected nodes', 'protectedNodes', 'replace', 'InvalidInput', /one of: skip, wait/],
  ['a wish for a failure', 'onFailure', 'continue', 'InvalidInput', /one of: /],
  ['a judge that nobody knows', 'healthSource', 'tcp', 'InvalidInput', /one of: azure, http, none/],
  ['a plan in words', 'plan', 'only', 'InvalidInput', /one of: true, false/],
  ['a word for drift', 'allowModelDrift', 'all', 'InvalidInput', /one of: true, false/],
  ['the image before last', 'scaleOutImage', 'old', 'InvalidInput', /one of: stable, new/],
  ['one for true', 'takeover', '1', 'InvalidInput', /one of: true, false/],
];

const addresses = [
  ['a host', 'http://10.0.0.4:8080/healthz'],
  ['a path alone', '/healthz'],
  ['another scheme', 'tcp://:8080/'],
  ['a port too high', 'http://:65536/'],
  ['a name with its password', 'http://user:secret@:8080/'],
  ['a blank in the path', 'http://:8080/is it well'],
] as const;

const refused = (task: BadCase['task'], [bad, input, value, code, hint]: Row): BadCase => ({
  task,
  bad: `${bad} (${input}: ${value})`,
  inputs: { [input]: value },
  input,
  code,
  says: `Input "${input}" is "${value}"`,
  hint,
});

/** What the two rollouts ask: numbers, times, words, scripts, and what contradicts itself. */
export const cases: readonly BadCase[] = [
  ...[...numbers, ...times, ...words].map((row) => refused('UpgradeScaleSetNodes', row)),
  ...[...numbers, ...times, ...words]
    .filter(
      ([, input], index, all) =>
        !['nodes', 'onFailure', 'plan', 'scaleOutImage', 'checkpoints', 'bakeTime'].includes(input) &&
        all.findIndex(([, other]) => other === input) === index,
    )
    .map((row) => refused('RollbackScaleSet', row)),
  ...(['UpgradeScaleSetNodes', 'RollbackScaleSet'] as const).flatMap((task): readonly BadCase[] => [
    {
      task,
      bad: 'a node that could never be ready in time',
      inputs: { nodeHealthTimeout: '30s', minReadySeconds: '30' },
      input: 'nodeHealthTimeout',
      code: 'ContradictoryInputs',
      says: 'Input "nodeHealthTimeout" is "30s", which is not longer than minReadySeconds 30: no node could ever be ready in time',
    },
    ...addresses.map(([bad, url]) => ({
      task,
      bad: `${bad} for a node's address`,
      inputs: { healthSource: 'http', healthUrl: url },
      input: 'healthUrl',
      code: 'InvalidInput',
      says: `Input "healthUrl" is "${url}"`,
      hint: /http:\/\/:8080\/healthz.*the host is left out/,
    })),
    {
      task,
      bad: 'nodes to be asked, and nobody says where',
      inputs: { healthSource: 'http' },
      input: 'healthUrl',
      hides: true,
      code: 'InputMissing',
      says: /^Input "healthUrl" is empty, and healthSource is "http"/,
    },
    {
      task,
      bad: 'an address at which nobody would ask',
      inputs: { healthUrl: 'http://:8080/' },
      input: 'healthUrl',
      code: 'ContradictoryInputs',
      says: 'Input "healthUrl" is "http://:8080/", but healthSource is "azure": nobody would ask there',
    },
    {
      task,
      bad: 'a script that is not there',
      inputs: { drainScript: 'scripts/drain.sh' },
      input: 'drainScript',
      code: 'FileNotFound',
      says: 'Input "drainScript" is "scripts/drain.sh"',
      hint: /Relative paths start at/,
    },
    {
      task,
      bad: 'an undrain script without a drain script',
      inputs: { undrainScript: 'undrain.sh' },
      prepare: ({ file }) => void file('undrain.sh', 'true\n'),
      input: 'undrainScript',
      code: 'ContradictoryInputs',
      says: /^Input "undrainScript" is ".*undrain\.sh", but drainScript is empty: there would be nothing to take back$/,
    },
  ]),
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'stops on the way to nodes that are named',
    inputs: { checkpoints: '1', nodes: 'zone:1' },
    input: 'checkpoints',
    code: 'ContradictoryInputs',
    says: /^Input "checkpoints" is "1", and "nodes" names the nodes/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a stop as long as the job',
    inputs: { checkpoints: '1', bakeTime: '2h', jobDeadline: '2h' },
    input: 'bakeTime',
    code: 'ContradictoryInputs',
    says: /^Input "bakeTime" is "2h", which is not shorter than jobDeadline/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'giving up before the first node may',
    inputs: { progressDeadline: '5m' },
    input: 'progressDeadline',
    code: 'ContradictoryInputs',
    says: /^Input "progressDeadline" is "5m", which is shorter than nodeHealthTimeout 10m/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'giving up while the first node drains',
    inputs: { drainScript: 'drain.sh', drainTimeout: '40m' },
    prepare: ({ file }) => void file('drain.sh', 'true\n'),
    input: 'drainTimeout',
    hides: true,
    code: 'ContradictoryInputs',
    says: /^Input "drainTimeout" is 40 minutes, which is not shorter than progressDeadline, 30 minutes/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a folder for a script',
    inputs: { drainScript: 'scripts' },
    prepare: ({ file }) => void file('scripts/drain.sh', 'true\n'),
    input: 'drainScript',
    code: 'FileUnusable',
    says: /^Input "drainScript" is ".*scripts", which could not be read: EISDIR/,
    hint: /text file/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an empty script, which would call every node drained',
    inputs: { drainScript: 'drain.sh' },
    prepare: ({ file }) => void file('drain.sh', '\n \n'),
    input: 'drainScript',
    code: 'FileUnusable',
    says: /drain\.sh", which is empty$/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a binary for a script',
    inputs: { drainScript: 'drain' },
    prepare: ({ file }) => void file('drain', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1])),
    input: 'drainScript',
    code: 'FileUnusable',
    says: /drain", which is no text file$/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'a script of ten megabytes',
    inputs: { drainScript: 'drain.sh', undrainScript: 'undrain.sh' },
    prepare: ({ file }) => {
      file('drain.sh', 'true\n');
      file('undrain.sh', 'true\n'.repeat(2_000_000));
    },
    input: 'undrainScript',
    code: 'FileUnusable',
    says: /undrain\.sh", which is 9766 KB long$/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'ten megabytes for a number',
    inputs: { maxFailedNodes: '9'.repeat(10_000_000) },
    input: 'maxFailedNodes',
    code: 'InvalidInput',
    says: /^Input "maxFailedNodes" is "9{200} … \(9999800 characters left out\)"$/,
  },
];
