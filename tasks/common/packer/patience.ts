import type { Environment } from './environment.ts';

/**
 * How long the agent waits after its first signal before it kills: two waits, each with a pipeline variable of its own
 * in milliseconds (azure-pipelines-agent `ProcessInvoker.cs`, `AgentKnobs.cs`). The last second is kept for this task
 * to clean up after itself and to say how it ended.
 */
export function agentPatienceMs(environment: Environment): number {
  const first = milliseconds(environment['PROCESS_SIGINT_TIMEOUT'], 7_500);
  const second = milliseconds(environment['PROCESS_SIGTERM_TIMEOUT'], 2_500);
  return Math.max(1_000, first + second - ownShareMs);
}

const ownShareMs = 1_000;

const milliseconds = (text: string | undefined, fallback: number) =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : fallback;
