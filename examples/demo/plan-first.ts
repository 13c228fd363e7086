import type { RunResult } from '../../test/pipeline/play.ts';
import { watchRollout } from '../../test/support/rollout-watch.ts';
import { productionEnvironment } from './approval.ts';
import { type DryRunFinding, plannedIn, seenBy } from './dry-run.ts';
import { fleetSize, names } from './infrastructure.ts';
import type { PipelineSettings } from './pipeline.ts';

interface PlannedFirst {
  readonly approvals: PipelineSettings['approvals'];
  /** What was planned and what has happened since; none where no approval was asked. */
  finding(): readonly DryRunFinding[];
}

/** Before somebody is asked, the stage is played dry; from the answer on, what Azure is asked for is counted. */
export function planFirst(
  { rehearsal, approvals, say }: PipelineSettings,
  playDry: (stage: string) => Promise<RunResult>,
): PlannedFirst {
  let finding: PlannedFirst['finding'] = () => [];
  return {
    async approvals(environment, stage) {
      if (environment !== productionEnvironment) return approvals(environment, stage);
      say(`** Before the approval, a dry run of stage ${stage}`);
      const planned = plannedIn(await playDry(stage));
      const approved = await approvals(environment, stage);
      const seen = watchRollout(rehearsal.world);
      finding = () => [{ planned, seen: seenBy(seen(), names.scaleSet, fleetSize) }];
      return approved;
    },
    finding: () => finding(),
  };
}
