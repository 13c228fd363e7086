import type { Agent } from '../../agent/agent.ts';
import type { Conclusion } from '../../agent/run-task.ts';
import { healthNote } from '../../health/source.ts';
import { afterwards } from '../../record/afterwards.ts';
import { goalOf, wayBackOf } from '../../record/record.ts';
import { wouldPause } from '../../report/paused-text.ts';
import { noPlan, type PlanReport, planSummary, verdict, waveLines } from '../../report/plan-summary.ts';
import { counted, imageName, lasting } from '../../report/words.ts';
import { isWhole } from '../ending/finish.ts';
import { renewalNotes } from '../renewal-notes.ts';
import { lookedBackAt, type RolloutPlan } from '../rollout-plan.ts';
import { liftsOf } from '../with-lifts.ts';
import type { Foresight } from './foresee.ts';

/** Says what a dry run found. It fails, with the code of the first refusal, when the rollout would be refused. */
export function concludePlan(set: string, foresight: Foresight, agent: Agent): Conclusion {
  const { refusals, plan } = foresight;
  const report = reportOf(foresight);
  const title = report ? `the upgrade of ${set} to ${imageName(report.goal)}` : `an upgrade of ${set}`;
  agent.output('outcome', 'planned');
  if (plan) {
    agent.output('previousImageId', wayBackOf(plan.record));
    agent.output('newImageId', plan.record.target);
  }
  for (const line of report ? waveLines(report.expected) : [noPlan]) agent.log.line(line);
  agent.summary(`Plan of ${set}`, planSummary(title, refusals, report));
  for (const { code, message, hint } of refusals.slice(1)) agent.log.line(`Also refused (${code}): ${message} ${hint}`);
  const [first] = refusals;
  if (first) throw first;
  return { result: doubtful(report) ? 'succeededWithIssues' : 'succeeded', message: sentence(title, report) };
}

const doubtful = (report: PlanReport | undefined) => report?.expected.outcome !== 'completed';

function sentence(title: string, report: PlanReport | undefined): string {
  if (!report) return `Plan of ${title}: ${noPlan}`;
  const { expected } = report;
  const many = expected.waves.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const ending = doubtful(report) ? `it would end ${expected.outcome}: ${expected.reason}` : verdict([]);
  return `Plan of ${title}: ${counted(many, 'node')} in ${counted(expected.waves.length, 'wave')}, about ${lasting(expected.tookMs)}. ${ending}`;
}

function reportOf({ plan, assumed, expected, longest }: Foresight): PlanReport | undefined {
  if (!plan || !assumed || !expected || !longest) return undefined;
  const completed = expected.outcome === 'completed';
  const ended = { completed, whole: isWhole(expected.after), failed: expected.outcome === 'halted' };
  const { record, modelImage } = afterwards(plan.record, ended, plan.scaleOutImage);
  return {
    set: plan.set.name,
    goal: goalOf(plan.record),
    wayBack: wayBackOf(plan.record),
    before: plan.before,
    assumed,
    expected,
    longest,
    afterwards: { state: record.state, modelImage },
    notes: notesOf(plan),
  };
}

function notesOf(plan: RolloutPlan): readonly string[] {
  const { drain, health, record } = plan;
  const pauses = wouldPause(record.paused ?? {}, liftsOf(plan));
  const note = healthNote(health);
  const back = lookedBackAt(plan);
  return [
    ...(back === undefined ? [] : [`${back.charAt(0).toUpperCase()}${back.slice(1)}.`]),
    ...renewalNotes(plan).map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`),
    ...(pauses === '' ? [] : [pauses]),
    ...(drain ? [] : ['Without a drainScript, nodes are replaced with their requests in flight.']),
    ...(note === undefined ? [] : [`${note.charAt(0).toUpperCase()}${note.slice(1)}.`]),
  ];
}
