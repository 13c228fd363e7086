import { readRun } from '../../../tasks/common/agent/read-run.ts';
import { writeRecord } from '../../../tasks/common/record/codec.ts';
import type { RolloutRecord } from '../../../tasks/common/record/record.ts';
import { record } from '../../support/rollout-record.ts';
import type { Stage } from './stage.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Changes the model of the set, as somebody did long ago. */
export function change({ set }: Stage, path: readonly string[], value: unknown): void {
  const put = (at: Properties, [head = '', ...rest]: readonly string[]): Properties => ({
    ...at,
    [head]: rest.length === 0 ? value : put((at[head] ?? {}) as Properties, rest),
  });
  set.properties = put(set.properties, path);
  const profile = set.properties['virtualMachineProfile'] as Properties;
  set.model = { ...set.model, profile };
}

export const imagePath = ['virtualMachineProfile', 'storageProfile', 'imageReference'];
export const tagged =
  (tags: Readonly<Record<string, string>>) =>
  ({ set }: Stage) => {
    set.tags = { ...set.tags, ...tags };
  };
/** A rollout between two stages has left its record. */
export const recorded = (changes: (stage: Stage) => Partial<RolloutRecord>) => (stage: Stage) => {
  const { v1, v2 } = stage.ids;
  stage.set.tags = writeRecord(stage.set.tags, { ...record, target: v2, stable: v1, ...changes(stage) });
};

/** The very run of the stage has left it. */
export const ofThisRun = ({ variables }: Stage): Pick<RolloutRecord, 'owner'> => ({
  owner: { ...record.owner, run: readRun((name) => variables[name]).id },
});
