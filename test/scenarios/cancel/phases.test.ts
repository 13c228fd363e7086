import assert from 'node:assert/strict';
import type { Settings } from '../../azure/core/settings.ts';
import { calls, type Manner, type Phase, type Told, tell } from './story.ts';

/** Made anew for each story: what counts its calls begins at one. */
const phases = (): readonly Phase[] => [
  { name: 'sign-in', task: 'upgrade', begins: { call: calls.to('POST', '/oauth2/v2.0/token') }, untouched: true },
  { name: 'preflight', task: 'upgrade', begins: { call: calls.to('GET', '/permissions') }, untouched: true },
  { name: 'writing the record', task: 'upgrade', begins: { call: calls.setWrite('phoenix-state') } },
  { name: 'draining', task: 'upgrade', begins: { call: calls.drainOf } },
  { name: 'aiming the model', task: 'upgrade', begins: { call: calls.setWrite('imageReference') } },
  { name: 'replacing', task: 'upgrade', begins: { call: calls.upgrade }, works: true },
  { name: 'replacing further nodes', task: 'upgrade', begins: { call: calls.nth(2, calls.upgrade) }, works: true },
  { name: 'settling', task: 'upgrade', begins: { line: /to stay healthy for/ } },
  { name: 'a checkpoint', task: 'upgrade', begins: { line: /checkpoint/ } },
  { name: 'the last write', task: 'upgrade', begins: { call: calls.setWrite('"waiting"') }, over: true },
  { name: 'turning back', task: 'takeBack', begins: { call: calls.setWrite('"rollingBack"') } },
  { name: 'replacing on the way back', task: 'takeBack', begins: { call: calls.nth(2, calls.upgrade) }, works: true },
  { name: 'writing the record of a rollback', task: 'rollBack', begins: { call: calls.setWrite('"rollingBack"') } },
  { name: 'draining for a rollback', task: 'rollBack', begins: { call: calls.drainOf } },
  { name: 'replacing for a rollback', task: 'rollBack', begins: { call: calls.upgrade }, works: true },
];

const refusing: Partial<Settings> = { writeDuringInstanceWork: 'conflict' };
const taking: Partial<Settings> = { writeDuringInstanceWork: 'accepted', imageShown: 'atEnd' };

const columns: readonly { readonly manner: Manner; readonly says: string; readonly settings: Partial<Settings> }[] = [
  { manner: 'hears', says: 'cancelled, Azure refuses writes while it replaces', settings: refusing },
  { manner: 'hears', says: 'cancelled, Azure takes writes while it replaces', settings: taking },
  { manner: 'silent', says: 'cancelled, and nothing answers any more', settings: refusing },
  { manner: 'killed', says: 'killed', settings: taking },
];

/** The longest that a cancelled step may take: then the agent's second signal comes. */
const secondSignalMs = 7_500;

const isHeld = ({ record }: Told['afterMain']) => record === 'rolling' || record === 'rollingBack';

describe('a step that is cut off in any phase, its post-job step, and the run after it', function () {
  this.timeout(120_000);
  const whole = new Map<string, Promise<Told>>();
  const wholeOf = (task: Phase['task'], settings: Partial<Settings>) => {
    const key = JSON.stringify([task, settings]);
    const told = whole.get(key) ?? tell(task, settings);
    whole.set(key, told);
    return told;
  };

  for (const { manner, says, settings } of columns)
    for (const [index, { name }] of phases().entries())
      it(`${says}: ${name}`, async () => {
        const phase = phases()[index] as Phase;
        const { end } = await wholeOf(phase.task, settings);
        const told = await tell(phase.task, settings, { phase, manner });
        assert.ok(told.tookMs <= secondSignalMs, `it took ${told.tookMs} ms`);
        if (manner === 'hears') requireFirstAid(told, phase, settings);
        assert.ok(!isHeld(told.afterPostJob), `the record says ${told.afterPostJob.record}`);
        // What runs the bad image serves nobody until the way back goes on.
        const serving = phase.task === 'takeBack' ? 4 : 6;
        assert.ok(
          told.afterPostJob.serving >= serving,
          `${told.afterPostJob.serving} nodes serve after the post-job step`,
        );
        assert.equal(told.afterPostJob.model, '1.0.0', 'what a scale-out gets after the post-job step');
        if (phase.untouched) assert.equal(told.postJobCalls, 0, 'the post-job step had nothing to do');
        assert.deepEqual(told.end, end);
      });
});

/** What a cancelled step does itself, if Azure lets it: the post-job step may never come. */
function requireFirstAid({ afterMain }: Told, { works }: Phase, settings: Partial<Settings>): void {
  const refused = works && settings === refusing;
  assert.equal(isHeld(afterMain), refused === true, `the record says ${afterMain.record}`);
  if (!refused) assert.equal(afterMain.model, '1.0.0');
}

describe('a post-job step that is cut off itself', function () {
  this.timeout(120_000);
  const phase = (): Phase => ({ name: 'replacing', task: 'upgrade', begins: { call: calls.upgrade }, works: true });
  const fewestCalls = 12;
  const killedAt = (atCall: number) => ({ applied: atCall % 2 === 0 });
  const cancelledThere = { cancelled: true } as const;

  it('at any call, killed or cancelled, leaves it to the next run', async () => {
    const whole = await tell('upgrade', refusing, { phase: phase(), manner: 'killed' });
    assert.ok(whole.postJobCalls >= fewestCalls, `only ${whole.postJobCalls} calls`);
    for (let atCall = 1; atCall <= whole.postJobCalls; atCall += 1)
      for (const how of atCall % 3 === 0 ? [killedAt(atCall), cancelledThere] : [killedAt(atCall)]) {
        const told = await tell('upgrade', refusing, { phase: phase(), manner: 'killed', postJob: { atCall, ...how } });
        const moment = `${JSON.stringify(how)} at call ${atCall} of ${whole.postJobCalls}`;
        assert.deepEqual(told.end, whole.end, moment);
        if ('cancelled' in how) assert.ok(told.postJobMs <= secondSignalMs, `${moment}: it took ${told.postJobMs} ms`);
      }
    console.log(`      ${whole.postJobCalls} calls`);
  });
});
