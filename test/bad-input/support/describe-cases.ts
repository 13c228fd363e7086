import assert from 'node:assert/strict';
import type { BadCase } from './case.ts';
import { type Ending, runOn } from './run-case.ts';
import { openStage, secrets } from './stage.ts';

/** A day's rollout is not at stake: a task that is refused has to say so soon. */
const longestMs = 45 * 60_000;
const longestMessage = 2_500;

/** Runs each case to its end and holds what the task said and did against the table. */
export function describeCases(subject: string, cases: readonly BadCase[]): void {
  describe(`bad input: ${subject}`, () => {
    for (const bad of cases)
      it(`${bad.task}: ${bad.bad} is ${bad.code}`, async () => {
        const stage = openStage({ realTime: bad.task === 'BakeImage' });
        try {
          stage.file('web.json', '{}');
          await bad.prepare?.(stage);
          assertRefused(bad, await runOn(stage, bad.task, bad.inputs));
        } finally {
          stage.close();
        }
      });
  });
}

function assertRefused(bad: BadCase, ending: Ending): void {
  const all = ending.lines.join('\n');
  assert.deepEqual(
    ending.errors.map(({ code }) => code),
    [bad.code],
    all,
  );
  const message = ending.errors[0]?.message ?? '';
  if (typeof bad.says === 'string') assert.equal(message, bad.says);
  else assert.match(message, bad.says);
  if (bad.input !== undefined) assertNames(bad, message);
  assert.ok(message.length <= longestMessage, `the message has ${message.length} characters`);
  assert.match(ending.hint, bad.hint ?? /\S.{20}/);
  assert.equal(ending.result, 'Failed');
  for (const secret of Object.values(secrets)) assert.ok(!all.includes(secret), `a secret was printed: ${all}`);
  assert.equal(ending.after, ending.before, `the world has changed: ${ending.writes.join(', ')}`);
  if (!bad.triesToWrite) assert.deepEqual(ending.writes, []);
  assert.ok(ending.simulatedMs <= longestMs, `it took ${ending.simulatedMs / 60_000} minutes`);
}

/** The input by its name, and its value: of a long one the beginning, of several lines the one that is wrong. */
function assertNames({ input = '', inputs = {}, hides }: BadCase, message: string): void {
  assert.ok(message.includes(input), `the message does not name ${input}: ${message}`);
  const lines = (inputs[input] ?? '').split('\n').map((line) => line.trim().slice(0, 150));
  if (hides) return;
  if (lines.every((line) => line === '')) return void assert.match(message, /empty/);
  assert.ok(
    lines.some((line) => line !== '' && message.includes(line)),
    `the message does not show the value of ${input}: ${message}`,
  );
}
