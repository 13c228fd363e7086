import type { Environment, Job } from '../model/pipeline.ts';
import { notPlayed, PipelineError } from '../yaml/problem.ts';
import type { Machine, RunOptions } from './run-options.ts';

/** The names of the machines that a deployment goes to; nothing where it goes to the environment alone. */
export function machinesOf(
  { name, machines, place }: Environment,
  known: RunOptions['machines'],
): readonly string[] | undefined {
  if (machines === undefined) return undefined;
  const found = machinesIn(name, known).filter(
    (machine) => isCalled(machine, machines.name) && hasTags(machine, machines.tags),
  );
  if (found.length > 0) return found.map((machine) => machine.name);
  const wanted = [machines.name, ...machines.tags].filter(Boolean).join(', ');
  throw new PipelineError(place, `environment "${name}" has no machine${wanted && ` that fits ${wanted}`}`);
}

/** A rolling strategy needs machines; increments of a canary are not played on them. */
export function refuseWrongTarget({ work, place }: Job, known: RunOptions['machines']): void {
  if (work.kind !== 'deployment') return;
  const machines = machinesOf(work.environment, known);
  const { kind } = work.strategy;
  if (kind === 'rolling' && machines === undefined)
    throw new PipelineError(place, 'a rolling strategy needs an "environment" with "resourceType: VirtualMachine"');
  if (kind === 'canary' && machines !== undefined) throw notPlayed(place, 'strategy.canary on machines');
}

function machinesIn(environment: string, known: RunOptions['machines'] = {}): readonly Machine[] {
  const wanted = environment.toLowerCase();
  return Object.entries(known).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? [];
}

function isCalled({ name }: Machine, wanted: string | undefined): boolean {
  return wanted === undefined || name.toLowerCase() === wanted.toLowerCase();
}

function hasTags({ tags = [] }: Machine, wanted: readonly string[]): boolean {
  const own = tags.map((tag) => tag.toLowerCase());
  return wanted.every((tag) => own.includes(tag.toLowerCase()));
}
