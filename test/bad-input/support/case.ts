import type { Stage } from './stage.ts';

export type TaskName = 'BakeImage' | 'PublishGalleryVersion' | 'UpgradeScaleSetNodes' | 'RollbackScaleSet';

/** One way in which the world or an author is hostile, and what the task must say. */
export interface BadCase {
  readonly task: TaskName;
  /** What is wrong, for the title. */
  readonly bad: string;
  /** Laid over inputs with which the task succeeds; an empty text is an input left empty. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The input that is to blame: the message must name it and show its value. */
  readonly input?: string;
  /** Its value may be a secret and must not be shown. */
  readonly hides?: boolean;
  /** Changes the world, the connection, the agent or the network beforehand. */
  readonly prepare?: (stage: Stage) => void | Promise<void>;
  readonly code: string;
  /** The message: the whole of it, or a pattern that is more than the name and the value. */
  readonly says: string | RegExp;
  /** What the hint must hold. */
  readonly hint?: RegExp;
  /** Azure was asked to write and refused, or the answer is lost; otherwise no write may be tried at all. */
  readonly triesToWrite?: boolean;
  /** Not before the first write: a dry run does not come upon it. */
  readonly foreseen?: false;
}

export interface GoodCase {
  readonly task: TaskName;
  readonly good: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly prepare?: (stage: Stage) => void | Promise<void>;
}
