import { Failure } from '../failure.ts';
import type { RolloutRecord } from './record.ts';

/** What is left to do when somebody else moved what a rollout is about: with the inputs that carry it out. */
export const choices = ({ stable, target }: Pick<RolloutRecord, 'stable' | 'target'>) =>
  `Choose. To go on: set the model's image back to ${stable} or ${target}, and run the task again. To go back: RollbackScaleSet with to: ${stable}. To take the fleet as it is, once every node runs what the model names: RollbackScaleSet with recordAction: adopt. To forget the rollout and leave model and nodes alone: RollbackScaleSet with recordAction: forget.`;

/** The model was changed beside its image while a rollout is open: the nodes that follow would get that too. */
export const modelDrifted = (set: string, { rolloutId, stable }: RolloutRecord, parts: readonly string[]) =>
  new Failure(
    'ModelDrifted',
    `Somebody changed the model of scale set ${set} beside its image since rollout ${rolloutId} was begun: ${parts.join(', ')}. An upgrade applies the whole model, so the nodes that follow would get that too`,
    `Find out who wrote it (Activity log of the scale set). Then undo it and run the task again; or take it in with the input allowModelDrift: true; or go back to ${stable} by RollbackScaleSet with allowModelDrift: true, which brings the change to the nodes that it takes back.`,
  );
