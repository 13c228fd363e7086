import type { Group } from '../mutation.ts';

const tests = 'test/UpgradeScaleSetNodes/protected.test.ts';
const nodes = 'protected nodes that are replaced';
const backTests = 'test/common/pause/give-back.test.ts';
const toldOf = 'protection that was lifted is';
const killed = `${nodes} when the run is killed with one of them lifted are protected again by`;

/** Protection that is lifted for the time of a replacement. */
export const protectionGuards: readonly Group[] = [
  {
    file: 'tasks/common/azure/protection.ts',
    tests,
    guards: [
      {
        guard: 'protection from scale-in stays on while the other is lifted',
        text: 'protectFromScaleIn: true, ',
        without: 'protectFromScaleIn: isProtected, ',
        red: `${nodes} lose nothing else: protection from scale-in and tags stay, and each write names the etag that was read`,
      },
      {
        guard: 'protection is written only under the etag that was read',
        text: '{ ifMatch: etag }',
        without: '{}',
        red: `${nodes} lose nothing else: protection from scale-in and tags stay, and each write names the etag that was read`,
      },
      {
        guard: 'tags of a node go along with its protection',
        text: '...(tags && { tags }), ',
        without: '',
        red: `${nodes} lose nothing else: protection from scale-in and tags stay, and each write names the etag that was read`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/give-back.ts',
    tests: backTests,
    guards: [
      {
        guard: 'protection is given back for as long as that goes well',
        text: '    if (book.open.length < many) [many,',
        without: '    if (book.open.length < 0) [many,',
        red: `${toldOf} given back to 60 nodes in turn, though that takes longer than one write may`,
      },
      {
        guard: 'giving protection back comes to an end',
        text: '    if (book.open.length < many) [many,',
        without: '    if (book.open.length < many + 1 && clock.now() < 100 * patienceMs) [many,',
        red: `${toldOf} given up when no more nodes get it for as long as a write may take`,
      },
      {
        guard: 'a write that Azure refuses while it is busy is not said to have been taken',
        text: "  if (answer === 'busy') return",
        without: "  if (answer === 'gone') return",
        red: `${toldOf} said not to be back with the reason: Azure answers each write that it is busy`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/busy-spells.ts',
    tests: backTests,
    guards: [
      {
        guard: 'of a set that is long too busy to lift protection a person is told once',
        text: 'return isLong && !spell.told;',
        without: 'return isLong;',
        red: `${toldOf} told of once in a run when Azure has long been too busy to lift the protection of n0`,
      },
      {
        guard: 'an answer that goes well ends the time that Azure is said to be busy',
        text: '      this.#spells.delete(what);\n',
        without: '',
        red: `${toldOf} no matter for words when Azure is busy for a moment, again and again`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/lifts.ts',
    tests,
    guards: [
      {
        guard: 'no protection is lifted that the record does not name',
        text: ' && this.#frozen.has(id);',
        without: ' && id !== this.#request.goal;',
        red: `${nodes} stay alone when they are protected only after the run began`,
      },
      {
        guard: 'whose protection is lifted is known before it is asked for',
        text: '  book.note(id, { askedAt: clock.now() });\n',
        without: '  void clock;\n',
        red: `${nodes} are looked at again when the answer to a write is lost, its effect applied`,
      },
      {
        guard: 'a node that has been replaced gets its protection back at once',
        text: 'const due = this.#book.lacking().find((node) => this.#isDue(node));',
        without:
          'const due = this.#book.lacking().find((node) => this.#isDue(node) && node.id === this.#request.goal);',
        red: `${nodes} run the new image in the end, and each is protected again as soon as it does`,
      },
      {
        guard: 'a run that has lost the rollout writes no node any more',
        text: '  await request.ours();\n',
        without: '',
        red: `${nodes} are not written any more by a run that has lost the rollout`,
      },
    ],
  },
  {
    file: 'tasks/common/pause/pauses.ts',
    tests,
    guards: [
      {
        guard: 'protection that was lifted is given back at the end',
        text: 'lifts.open.length > 0 && tried(',
        without: 'lifts.open.length > 1_000 && tried(',
        red: `${nodes} are protected again when the record is gone in mid-rollout`,
      },
      {
        guard: 'protection that could not be given back stays in the record',
        text: '        ...(lifts.open.length > 0 && { protection: lifts.open }),\n',
        without: '',
        red: `${nodes} and cannot be written stay in the record and in the summary, and the next run gives their protection back`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/with-lifts.ts',
    tests,
    guards: [
      {
        guard: 'protection that a killed run had lifted is given back by the next one',
        text: 'owed: basis?.paused?.protection ?? [],',
        without: 'owed: [],',
        red: `${killed} the next run that replaces them`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/lifts-left.ts',
    tests,
    guards: [
      {
        guard: 'protection that a killed step had lifted is given back by its post-job step',
        text: 'owed: left.lifted,',
        without: 'owed: [],',
        red: `${killed} its post-job step, which gives back no more than was lifted`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/ending/put-back-left.ts',
    tests,
    guards: [
      {
        guard: 'protection is given back by the post-job step also where the record is gone',
        text: 'if (!record && left.lifted.length + left.drained.length > 0)',
        without: 'if (!record && left.lifted.length + left.drained.length > 1_000)',
        red: `${killed} its post-job step, also when the record is gone since`,
      },
    ],
  },
  {
    file: 'tasks/common/preflight/model-drift.ts',
    tests,
    guards: [
      {
        guard: 'a model that is its own by a write of protection is no drift',
        text: "if (node.model === 'own' && !isProtected) return",
        without: "if (node.model === 'own') return",
        red: `${nodes} have no drift of their own by that: through a canary, the rest and a rollback, own model true`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/turn.ts',
    tests,
    guards: [
      {
        guard: 'protection that is lifted or given back is no time without progress',
        text: '  if (look.headway) logbook = noteHeadway(logbook, job.clock.now());\n',
        without: '  void noteHeadway;\n',
        red: `${nodes} may be so many that lifting their protection takes longer than the progress deadline`,
      },
    ],
  },
  {
    file: 'tasks/common/execute/with-lifts.ts',
    tests: 'test/UpgradeScaleSetNodes/plan.test.ts',
    guards: [
      {
        guard: 'a plan says of no more nodes that their protection is lifted than the stage takes',
        text: 'Math.min(ids.length, roomLeft(plan))',
        without: 'Math.max(ids.length, roomLeft(plan))',
        red: 'a plan as the task tells it of protected nodes tells of no more than a small stage takes',
      },
      {
        guard: 'protection that is owed is said to be given back, not lifted',
        text: 'before, record, undefined);',
        without: 'before, record, plan.basis);',
        red: 'a plan as the task tells it of protected nodes that a dead run has left without it tells that it is given back, and lifts none',
      },
    ],
  },
];
