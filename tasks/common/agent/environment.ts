import { debugWish } from './before-libraries.ts';

/**
 * The environment of this process, for a program that the task starts. task-lib has taken inputs and endpoint secrets
 * out of it when it was loaded (pipelines.md §5).
 */
export const inheritedEnvironment = (): Readonly<Record<string, string | undefined>> => ({
  ...process.env,
  ...(debugWish !== undefined && { DEBUG: debugWish }),
});
