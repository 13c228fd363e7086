import type { Group } from '../mutation.ts';

const steps = 'test/common/rollout/look-back.test.ts';
const stories = 'test/UpgradeScaleSetNodes/look-back.test.ts';

/** What a stage looks for before it begins with nodes of its own. */
export const lookBackGuards: readonly Group[] = [
  {
    file: 'tasks/common/rollout/look-back.ts',
    tests: steps,
    guards: [
      {
        guard: 'nothing is brought again before the nodes of the stages before that are there are well',
        text: '    doubtful: settling.filter(({ id }) => entryOf(logbook, id).errand === undefined),\n',
        without: '    doubtful: settling.filter(({ id }) => entryOf(logbook, id).errand !== undefined),\n',
        red: 'a stage that looks back brings no missing node while another is sick',
      },
      {
        guard: 'no more nodes are brought again than are missing',
        text: 'const many = Math.max(0, Math.min(lacking, candidates.length));',
        without: 'const many = lacking > 0 ? candidates.length : 0;',
        red: 'a stage that looks back brings as many as are missing, and no more',
      },
      {
        guard: 'a node that was named goes before others',
        text: 'const candidates = fallen.length > 0 ? fallen : groups.old;',
        without: 'const candidates = [...groups.old, ...fallen.slice(0, 0)];',
        red: 'a stage that looks back takes a node that was named and has fallen back before others',
      },
      {
        guard: 'what is brought again is ready before the stage begins',
        text: 'isKept: underWay.length === 0 && many === 0',
        without: 'isKept: many === 0',
        red: 'a stage that looks back waits for a node that it brings again before it begins with its own',
      },
      {
        guard: 'an old node that Azure is at work with comes to rest first',
        text: ' && (there >= promised.nodes || groups.busy.length === 0)',
        without: '',
        red: 'a stage that looks back lets an old node that Azure is at work with come to rest first',
      },
      {
        guard: 'a run looks back once',
        text: '  if (!promised || logbook.lookedBack) return undefined;\n',
        without: '  if (!promised) return undefined;\n',
        red: 'a stage that looks back does so once a run',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/beginnings.ts',
    tests: steps,
    guards: [
      {
        guard: 'no own node is begun with while others have to be brought again',
        text: '  if (back) return back.many;\n',
        without: '',
        red: 'a stage that looks back brings as many as are missing, and no more',
      },
    ],
  },
  {
    file: 'tasks/common/record/promise.ts',
    tests: 'test/common/record/promise.test.ts',
    guards: [
      {
        guard: 'a stage that died keeps what it had found promised',
        text: "  if (state !== 'waiting') return { promised, promisedNodes };\n",
        without: "  if (state !== 'waiting') return {};\n",
        red: 'what a stage finds promised is what a stage that died had found',
      },
      {
        guard: 'no more is brought again than the stage itself asks for',
        text: 'const many = Math.min(promised, most);',
        without: 'const many = Math.min(promised, most + nodes.length);',
        red: 'what a stage finds promised is no more than this stage itself asks for',
      },
    ],
  },
  {
    file: 'tasks/UpgradeScaleSetNodes/plan-upgrade.ts',
    tests: stories,
    guards: [
      {
        guard: 'a stage looks back at all',
        text: '    ...promisedTo(goal, basis, nodes, request.target),\n',
        without: '',
        red: 'upgradeNodes looks back and waits for a canary to recover',
      },
      {
        guard: 'a finished rollout takes what it brought for proven',
        text: '  const begun = open ?? wholeAlready(request, model, basis);\n',
        without: '  const begun = open ?? (request.plan ? wholeAlready(request, model, basis) : undefined);\n',
        red: 'upgradeNodes looks back at a finished rollout that is run again: a node that fell back is brought on',
      },
    ],
  },
  {
    file: 'tasks/common/rollout/next-steps.ts',
    tests: 'test/common/rollout/look-back.test.ts',
    guards: [
      {
        guard: 'a look-back does not wait without end',
        text: 'const looksBack = lookBack(groups, situation)?.isKept === false;',
        without: 'const looksBack = false && lookBack(groups, situation)?.isKept === false;',
        red: 'a stage that looks back gives up when a sick node leaves no room to bring a missing one again',
      },
    ],
  },
];
