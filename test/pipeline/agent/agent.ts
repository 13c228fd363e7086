import { execFileSync } from 'node:child_process';
import type { Clock } from '../clock.ts';
import type { Patience } from './child.ts';
import type { Masker } from './masking.ts';
import type { ServiceConnection } from './service-connection.ts';
import type { TaskDefinition } from './task-folder.ts';

/** How this agent was configured to reach the network (`config.sh --proxyurl … --sslcacert …`). */
export interface AgentNetwork {
  readonly proxy?: {
    readonly url: string;
    readonly username?: string;
    readonly password?: string;
    /** Regular expressions, one a host or family of hosts. */
    readonly bypass?: readonly string[];
  };
  readonly caFile?: string;
}

/** Everything about the agent that stays the same from job to job. */
export interface Agent {
  readonly clock: Clock;
  readonly patience: Patience;
  /** A minute of a pipeline's time-outs; tests make it short. */
  readonly minuteMs: number;
  /** The first wait of `retryCountOnTaskFailure`. */
  readonly retryMs: number;
  readonly nodePath: string;
  readonly nodeMajor: number;
  /** Where jobs, temporary files and copies of tasks live. */
  readonly workFolder: string;
  /** What `checkout: self` copies. */
  readonly workspace: string;
  readonly tasks: readonly TaskDefinition[];
  readonly connections: readonly ServiceConnection[];
  readonly collectionUri: string;
  readonly accessToken: string;
  readonly masker: Masker;
  readonly host: Readonly<Record<string, string>>;
  readonly network: AgentNetwork;
  /** Aborted when the agent itself dies: what runs is killed, and nothing more is done. */
  readonly gone: AbortSignal;
}

export function majorOfNode(nodePath: string): number {
  const version = execFileSync(nodePath, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? Number.NaN);
}
