import type { Clock } from '../clock.ts';

/** How the names of all commands begin that one rollout runs for one purpose: a later run finds them by it. */
export const commandPrefix = (purpose: 'drain' | 'health', rolloutId: string): string =>
  `phoenix-${purpose}-${rolloutId.slice(0, 8)}`;

/**
 * A name that the instance has not had: a managed run command whose name has been used may never run
 * (`RunCommands.put`). The names of later times sort behind those of earlier ones (until 2059).
 */
export const freshName = (prefix: string, clock: Pick<Clock, 'now'>): string => `${prefix}-${clock.now().toString(36)}`;
