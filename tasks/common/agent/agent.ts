import type { PipelineService } from '../devops/run-state.ts';
import type { NetworkSettings } from '../network/network-settings.ts';
import type { ServiceConnection } from '../sign-in/connection.ts';
import type { Inputs } from './inputs.ts';
import type { Log } from './log.ts';
import type { StepMemory } from './step-memory.ts';

/** Everything a task may ask of the pipeline agent. The only implementation that knows task-lib is `current-agent.ts`. */
export interface Agent {
  readonly inputs: Inputs;
  readonly log: Log;
  readonly run: RunIdentity;
  /** The pipeline service and the job's token, which is masked; undefined where the agent gives none. */
  readonly service: PipelineService | undefined;
  readonly network: NetworkSettings;
  /** Aborted when the pipeline run is cancelled: start nothing new, put back what a call or two can put back. */
  readonly cancelled: AbortSignal;
  /** Emptied by the agent after each job. */
  readonly tempFolder: string;
  /** From here to this step's own post-job step. */
  readonly memory: StepMemory;
  /** Where relative paths of inputs start (`System.DefaultWorkingDirectory`). */
  readonly workFolder: string;
  /**
   * The service connection named by an input, as plain data; its secrets are masked before it is returned. A connection of
   * a management group gets its subscription from the input `subscriptionId`.
   */
  connection(inputName: string): ServiceConnection;
  /** The same by its id, which inputs may no longer name when the post-job step runs; of that subscription. */
  connectionOf(id: string, subscriptionId: string): ServiceConnection;
  /** Hides a secret in everything that is printed from here on, line by line when it has several. */
  mask(secret: string): void;
  /** Sets a declared output variable: `$(step.name)` in this job. */
  output(name: string, value: string): void;
  progress(percent: number, text: string): void;
  /** Shows Markdown on the run's page; the title is what the page prints above it. */
  summary(title: string, markdown: string): void;
}

/** Which run of which pipeline this is: who owns a rollout, and where to look for it. */
export interface RunIdentity {
  /** The same for every attempt of one run: collection, project and build (or release) id. */
  readonly id: string;
  /** Rises with each attempt of the stage or job: `stageAttempt.jobAttempt`. */
  readonly attempt: string;
  /** `20261122.3`, as people know it. */
  readonly name: string;
  /** The run's page; empty when the agent does not say. */
  readonly url: string;
}
