import type { Drain } from '../../drain/drain.ts';
import { Failure } from '../../failure.ts';
import type { Hold, HoldEnding } from '../../record/hold.ts';
import { imageName } from '../../report/words.ts';
import type { Node } from '../../rollout/node.ts';
import { atTheEnd, inTime, patiently, type Surroundings } from '../patience.ts';

/** Together shorter than the 7.5 seconds that a cancelled task has. */
const lastMs = { restore: 2_000, release: 5_000 };

/** Nodes that we drained and that stay must serve again. One that cannot be reached is said aloud, not swallowed. */
export async function restore(
  nodeIds: readonly string[],
  nodes: readonly Node[],
  drain: Pick<Drain, 'cancel'> | undefined,
  around: Surroundings,
): Promise<void> {
  if (!drain) return;
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  await Promise.all(nodeIds.map((id) => restoreOne(id, nameOf(id), drain, around)));
}

async function restoreOne(id: string, name: string, drain: Pick<Drain, 'cancel'>, around: Surroundings): Promise<void> {
  const { observer } = around;
  try {
    const patience = atTheEnd(around, `${name} could not be put back into service`);
    await inTime(
      patiently(() => drain.cancel(id), patience),
      lastMs.restore,
      around,
    );
    observer.remarked(`${name} stays: put back into service`, 'restored');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(`${name} could not be put back into service: ${error.message}`);
  }
}

/** The last write of a cancelled task. Azure refuses it while it replaces nodes, and there is no time to wait for that. */
export async function releaseInTime(
  ending: Omit<HoldEnding, 'until'>,
  hold: Hold,
  around: Surroundings,
): Promise<boolean> {
  const { observer } = around;
  try {
    await releaseAsFarAsPossible(ending, hold, around, 'accepted');
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    observer.remarked(
      `record and model could not be put back in time: the model may still name ${imageName(ending.record.target)}, and a node that scales out would get it. Run the task or RollbackScaleSet again soon (${error.message})`,
    );
    return false;
  }
}

/**
 * The last write of a task. Azure lets nodes refer to ten models at most, and each time that the model is pointed somewhere
 * makes one; and where somebody has switched the upgrade policy, Azure would roll nodes with that write. Then the record at
 * least says where the rollout stands. False then.
 */
export async function releaseAsFarAsPossible(
  ending: Omit<HoldEnding, 'until'>,
  hold: Hold,
  around: Surroundings,
  until: HoldEnding['until'] = 'done',
): Promise<boolean> {
  const { observer } = around;
  try {
    await releaseBy({ ...ending, until }, hold, around);
    return true;
  } catch (error) {
    if (!(error instanceof Failure && mayNotPoint.has(error.code))) throw error;
    observer.remarked(
      `the model could not be put back and still names ${imageName(hold.image ?? ending.record.target)}: a node that scales out gets it until the rollout goes on (${error.message})`,
    );
    await releaseBy({ ...ending, modelImage: undefined, until }, hold, around);
    return false;
  }
}

const mayNotPoint: ReadonlySet<string> = new Set(['TooManyModels', 'UpgradePolicyWouldRoll']);

function releaseBy(ending: HoldEnding, hold: Hold, around: Surroundings): Promise<void> {
  const patience = atTheEnd(around, 'the end of the rollout could not be written');
  return inTime(
    patiently(() => hold.release(ending), patience),
    lastMs.release,
    around,
  );
}
