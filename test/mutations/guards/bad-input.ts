import type { Group } from '../mutation.ts';

const table = 'test/bad-input/bad-input.test.ts';

/** What keeps a hostile world from being believed, or waited for. */
export const badInputGuards: readonly Group[] = [
  {
    file: 'tasks/common/agent/input-problem.ts',
    tests: table,
    guards: [
      {
        guard: 'of a line with a variable left over only the variable is shown',
        text: 'still holds "${shown(macro)}"',
        without: 'still holds "${shown(line)}"',
        red: 'bad input: baking BakeImage: a variable that nobody set beside a secret is VariableNotSet',
      },
      {
        guard: 'of a long value only the beginning is shown',
        text: '=> harmlessLine(value, 200);',
        without: '=> harmlessLine(value, 1_000_000);',
        red: 'bad input: names of resources UpgradeScaleSetNodes: a name of 5000 characters is InvalidInput',
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-options.ts',
    tests: table,
    guards: [
      {
        guard: 'an empty script drains nothing',
        text: "  if (text.trim() === '') throw refuse('is empty');\n",
        without: '',
        red: 'bad input: numbers, times and scripts of a rollout UpgradeScaleSetNodes: an empty script, which would call every node drained is FileUnusable',
      },
    ],
  },
  {
    file: 'tasks/common/azure/uniform-fleet.ts',
    tests: table,
    guards: [
      {
        guard: 'a list of instances ends',
        text: 'if (pages > mostPages) throw endless(set);',
        without: 'if (pages > mostPages) break;',
        red: 'bad input: answers of somebody else UpgradeScaleSetNodes: a list of instances that never ends is AnswerUnreadable',
      },
    ],
  },
  {
    file: 'tasks/common/azure/read-failure.ts',
    tests: 'test/bad-input/odd-answers.test.ts',
    guards: [
      {
        guard: 'an answer of another form is no defect of the task',
        text: '  if (!(error instanceof TypeError)) return armFailure(error, attempted);\n',
        without: '  if (error !== undefined) return armFailure(error, attempted);\n',
        red: 'an answer with something odd in any of its fields is no defect of UpgradeScaleSetNodes: /virtualmachinescalesets/shop',
      },
    ],
  },
  {
    file: 'tasks/common/azure/target-image.ts',
    tests: table,
    guards: [
      {
        guard: 'a version that is being deleted is no target',
        text: '  if (unusable.has(state)) throw notReady(name, state);\n',
        without: '',
        red: 'bad input: what does not fit UpgradeScaleSetNodes: a version that is Deleting is ImageVersionNotReady',
      },
    ],
  },
  {
    file: 'tasks/common/azure/answer-policy.ts',
    tests: table,
    guards: [
      {
        guard: 'a page is not taken for an answer of Azure',
        text: '    refuseForeign(response, bodyOf(response));\n',
        without: '',
        red: 'bad input: answers of somebody else RollbackScaleSet: a page that forbids in place of Azure is AnswerNotJson',
      },
    ],
  },
  {
    file: 'tasks/common/network/read-answer.ts',
    tests: 'test/common/network/read-answer.test.ts',
    guards: [
      {
        guard: 'an answer is not taken beyond its longest',
        text: '      if (progress.bytes > bounds.longest) break;\n',
        without: '',
        red: 'an answer over the wire is cut by what it is when it is unpacked',
      },
    ],
  },
  {
    file: 'tasks/common/network/network-policy.ts',
    tests: 'test/common/network/proxy-trouble.test.ts',
    guards: [
      {
        guard: "a proxy's refusal is not taken for that of the host behind it",
        text: '    if (status !== 200) throw proxyAnswered(status);\n',
        without: '',
        red: 'a proxy that opens no way because it forbids the host is ProxyBlocked',
      },
    ],
  },
];
