import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { RunResult } from '../../test/pipeline/play.ts';
import type { Seen } from '../../test/support/rollout-watch.ts';

/** What a dry run said of a stage, and what the stage then asked of Azure. */
export interface DryRunFinding {
  /** Rows of its summary, by their names, and the nodes of its waves in order. */
  readonly planned: Readonly<Record<string, string>>;
  readonly seen: Readonly<Record<string, string>>;
}

interface Step {
  readonly task?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * The same stage as a dry run: a pipeline of one job, made from the example's own step, so that both have the same inputs.
 * Written into the work folder; returns its path.
 */
export function writeDryRun(example: string, stage: string, imageVersionId: string, folder: string): string {
  const pipeline = parse(readFileSync(example, 'utf8')) as Readonly<Record<string, unknown>>;
  const { parameters, variables, pool } = pipeline;
  const step = upgradeOf(pipeline, stage);
  const plan = { ...step, name: 'plan', displayName: 'Plan it', inputs: { ...step.inputs, plan: true } };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'dry-run.yml');
  const jobs = [{ job: 'Plan', steps: [{ checkout: 'self' }, plan] }];
  writeFileSync(
    file,
    stringify({ trigger: 'none', parameters, variables: { ...(variables as object), imageVersionId }, pool, jobs }),
  );
  return file;
}

/** The step that upgrades nodes, wherever it stands in the stage of this name. */
function upgradeOf(pipeline: unknown, stage: string): Step {
  const found = everyObject(pipeline).find((part) => part['stage'] === stage);
  const step = everyObject(found).find((part) => String(part['task'] ?? '').startsWith('UpgradeScaleSetNodes@'));
  if (!step) throw new Error(`The example pipeline upgrades no nodes in a stage ${stage}`);
  return step;
}

function everyObject(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : [value as Readonly<Record<string, unknown>>];
  return [...own, ...Object.values(value).flatMap(everyObject)];
}

/** What the dry run's summary says, of all that does not depend on how quick these machines are. */
export function plannedIn({ stages }: RunResult): DryRunFinding['planned'] {
  const steps = stages.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
  const markdown = steps.flatMap(({ summaries }) => summaries.map((summary) => summary.markdown)).join('\n');
  const cells = markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));
  const waves = cells.filter(([number = '', , nodes]) => /^\d+$/.test(number) && nodes !== undefined);
  const rows = new Map(cells.filter((row) => row.length === 2).map(([name = '', text = '']) => [name, text]));
  return {
    waves: waves.map(([, , nodes]) => nodes).join('; '),
    ...Object.fromEntries(compared.flatMap((name) => (rows.has(name) ? [[name, rows.get(name) ?? '']] : []))),
  };
}

const compared = ['Nodes to replace', 'Waves', 'Writes of the scale set', 'Upgrade calls', 'Drains'];

/** The same of what Azure was asked for. */
export function seenBy({ waves, ...counts }: Seen, set: string, nodes: number): DryRunFinding['seen'] {
  const taken = waves.flatMap(({ ids }) => ids).length;
  return {
    waves: waves.map(({ ids }) => ids.map((id) => `${set}_${id}`).join(', ')).join('; '),
    'Nodes to replace': `${taken} of ${nodes}`,
    Waves: String(waves.length),
    'Writes of the scale set': `${counts.setWrites}, of them ${counts.imageWrites} with another image for the model`,
    'Upgrade calls': `${counts.upgrades} (one a node at most)`,
    ...(counts.drains > 0 && { Drains: `${counts.drains}, and ${counts.drainEnds} removals of their commands` }),
  };
}
