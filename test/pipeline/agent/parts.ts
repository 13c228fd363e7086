import type { Condition, Step } from '../model/pipeline.ts';
import type { Agent } from './agent.ts';
import { findTask, type Handlers, type TaskDefinition } from './task-folder.ts';
import { Variables } from './variables.ts';

/** One thing that the agent runs: a step, or the part of a task that comes before or after all steps. */
export interface Part {
  readonly step: Step;
  readonly displayName: string;
  readonly refName: string;
  readonly condition: Condition | undefined | 'always';
  /** Shared by the parts of one step. */
  readonly taskVariables: Variables;
  readonly definition?: TaskDefinition;
  readonly handlers?: Handlers;
}

/** Pre-job parts, the steps, then post-job parts from the last step to the first (agent: JobExtension.cs). */
export function partsOf(steps: readonly Step[], agent: Agent): readonly Part[] {
  const names = new Map<string, number>();
  const enabled = steps.filter((step) => step.enabled && !isNothing(step));
  const mains = enabled.map((step) => mainPart(step, names, agent));
  const before = mains.flatMap((part) => aroundPart(part, 'prejobexecution', 'Pre-job', part.condition));
  const after = mains.flatMap((part) => aroundPart(part, 'postjobexecution', 'Post-job', 'always'));
  const run = mains.filter(({ step, definition }) => step.kind !== 'task' || definition?.execution !== undefined);
  return [...before, ...run, ...after.reverse()];
}

function mainPart(step: Step, names: Map<string, number>, agent: Agent): Part {
  const definition = step.kind === 'task' ? findTask(agent.tasks, step.task, step.major, step.place) : undefined;
  return {
    step,
    displayName: step.displayName,
    refName: step.name || unnamed(step, names),
    condition: step.condition,
    taskVariables: new Variables(agent.masker),
    ...(definition && { definition }),
    ...(definition?.execution && { handlers: definition.execution }),
  };
}

function aroundPart(
  part: Part,
  kind: 'prejobexecution' | 'postjobexecution',
  title: string,
  condition: Part['condition'],
): readonly Part[] {
  const handlers = part.definition?.[kind];
  return handlers === undefined ? [] : [{ ...part, displayName: `${title}: ${part.displayName}`, condition, handlers }];
}

/** `checkout: none` and `download: none` only say what is not done. */
function isNothing(step: Step): boolean {
  return (step.kind === 'download' && step.from === 'none') || (step.kind === 'checkout' && step.repository === 'none');
}

/** How the service names a step that has no name: its task, counted from the second on. */
function unnamed(step: Step, names: Map<string, number>): string {
  const base = step.kind === 'task' ? step.task : step.displayName.replace(/\W/g, '') || step.kind;
  const count = names.get(base) ?? 0;
  names.set(base, count + 1);
  return count === 0 ? base : `${base}${count}`;
}
