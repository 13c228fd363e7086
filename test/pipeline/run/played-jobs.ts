import type { JobResult } from '../result.ts';

/** What one written job became: several jobs of the agent, and their outputs as later jobs call them. */
export interface PlayedJobs {
  readonly jobs: readonly JobResult[];
  readonly outputs: Readonly<Record<string, string>>;
}
