import type { Group } from '../mutation.ts';

const leftTests = 'test/common/execute/ending/put-back-left.test.ts';
const phases = 'test/scenarios/cancel/phases.test.ts';
const left = (title: string) => `what a step has left is put back by its post-job step ${title}`;
const alone = (title: string) => `what a step has left, where the record of its rollout is gone ${title}`;
const cut = (title: string) => `a step that is cut off in any phase, its post-job step, and the run after it ${title}`;

/** What becomes of a step that was cancelled or killed. */
export const postJobGuards: readonly Group[] = [
  {
    file: 'tasks/common/execute/ending/before-the-kill.ts',
    tests: phases,
    guards: [
      {
        guard: 'a cancelled step ends before the second signal, whatever it waits for',
        text: 'const lastMomentMs = 7_000;',
        without: 'const lastMomentMs = 9_000;',
        red: cut('cancelled, and nothing answers any more: preflight'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/finish.ts',
    tests: phases,
    guards: [
      {
        guard: 'a cancelled step puts no node back that Azure was asked to replace',
        text: "outcome === 'cancelled' ? surelyLeftOut(situation) : ",
        without: '',
        red: cut('cancelled, Azure refuses writes while it replaces: replacing'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/rollout-run.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'a step that ended by itself takes its word back',
        text: 'left.end(situation.nodes);',
        without: 'void situation;',
        red: left('a step that ends by itself leaves nothing'),
      },
    ],
  },
  {
    file: 'tasks/common/record/claim.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'word is left before the first write',
        text: '    if (!grip.begun) request.beginning();\n    grip.begun = true;\n',
        without: '    if (grip.begun) request.beginning();\n    grip.begun = true;\n',
        red: left('a step that ends by itself leaves nothing'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/handover.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'a node is taken down before it is drained',
        text: '        tell(drained.add(nodeId));\n        await drain.start(nodeId);\n',
        without: '        await drain.start(nodeId);\n        tell(drained.add(nodeId));\n',
        red: left('nodes serve again, the model names the proven image, the record says stopped, and nothing is left'),
      },
      {
        guard: 'a node that could not be put back stays taken down',
        text: '        tell(drained.add(nodeId)); // until it is known to be back\n        await drain.cancel(nodeId, until);\n        drained.delete(nodeId);\n',
        without: '        drained.delete(nodeId);\n        await drain.cancel(nodeId, until);\n',
        red: left('a node that could not be put back is named, and remembered'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back-left.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'a record that another task has taken since is not touched',
        text: 'if (record?.owner.token !== left.token) return',
        without: 'if (!record) return',
        red: left('and nothing is touched where a later task of the job has taken the rollout over'),
      },
      {
        guard: 'a rollout that its step has ended, or that waits for approval, is not ended once more',
        text: 'if (!isHeld(record) && left.drained.length === 0 && !isPaused(record))',
        without: 'if (left.drained.length < 0)',
        red: left('and nothing is touched where the step has ended by itself and written waiting'),
      },
      {
        guard: 'the model is put back before anything is waited for',
        text: 'if (busyIn(first, desk).length > 0)',
        without: 'if (busyIn(first, desk).length < 0)',
        red: left('the model is put back before it waits for nodes, where Azure lets it'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back-desk.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'the record gets a new owner, so that a main step that lives stops',
        text: '{ ...basis, owner: ownerOf(run, newId(), clock.now()) } : basis',
        without: '{ ...basis, owner: { ...ownerOf(run, newId(), clock.now()), token: left.token } } : basis',
        red: left('a main step that lives all the same starts nothing more'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/left-nodes.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'a node is not put back while Azure may be about to begin with it',
        text: "(node.provisioning === 'working' || mayBegin(node))",
        without: "(node.provisioning === 'working' || (mayBegin(node) && false))",
        red: left('a node that Azure may be about to begin with is put back when it has not begun within a minute'),
      },
      {
        guard: 'a node that is being replaced is waited for',
        text: "(node.provisioning === 'working' || mayBegin(node))",
        without: 'mayBegin(node)',
        red: left(
          'nodes that Azure was asked to replace are waited for and never put back meanwhile (image shown atStart)',
        ),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/what-is-left.ts',
    tests: leftTests,
    guards: [
      {
        guard: 'what is paused or lifted is named beside nodes that are out of service',
        text: "...(rest === '' ? [] : [rest])]",
        without: "...(rest === '' || names.length > 0 ? [] : [rest])]",
        red: left('nodes, protection and pauses are named together where none of them could be put back'),
      },
      {
        guard: 'a post-job step says of nothing that it is back while something is paused',
        text: 'notAsFound(paused ?? {}, set)',
        without: 'notAsFound({ ...paused, repairs: false }, set)',
        red: left('automatic repairs that stay suspended are named, though all nodes serve'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back-alone.ts',
    tests: 'test/common/execute/ending/put-back-alone.test.ts',
    guards: [
      {
        guard: 'drained nodes serve again also where the record is gone',
        text: 'left.drained.length > 0 ? await serveAgain(',
        without: 'left.drained.length > 1_000 ? await serveAgain(',
        red: alone('is put back all the same: drained nodes serve again'),
      },
      {
        guard: 'drained nodes that nobody can put back are named where the record is gone',
        text: "if (missing !== '')",
        without: "if (missing !== '' && left.undrain !== undefined)",
        red: alone('is named where no script puts nodes back'),
      },
      {
        guard: 'a node that Azure may be about to replace is not put back, also where the record is gone',
        text: ' || (asked.includes(id) && now - askedAt < lookupMs);',
        without: ' || (asked.includes(id) && now - askedAt < 0 * lookupMs);',
        red: alone('waits for nodes that Azure was asked to replace, the order lost'),
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/post-job.ts',
    tests: 'test/common/execute/ending/left-note.test.ts',
    guards: [
      {
        guard: 'a post-job step never fails the job',
        text: "  return { result: 'succeededWithIssues', message: `What",
        without: "  return { result: 'failed', message: `What",
        red: 'what a step leaves in the agent’s memory is refused with what to do when a step of the job has emptied the temporary folder',
      },
    ],
  },
];
