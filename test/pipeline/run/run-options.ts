import type { AgentNetwork } from '../agent/agent.ts';
import type { Patience } from '../agent/child.ts';
import type { ServiceConnection } from '../agent/service-connection.ts';
import type { Clock } from '../clock.ts';
import type { Value } from '../expressions/values.ts';
import type { GivenValue, VariableGroups } from '../templates/template.ts';
import type { RunView } from '../view/view.ts';

/** A virtual machine that was registered in an environment. */
export interface Machine {
  readonly name: string;
  readonly tags?: readonly string[];
}

/** What a run is started with: what a person, the service and the agent's configuration would give. */
export interface RunOptions {
  /** The pipeline's YAML. */
  readonly file: string;
  readonly parameters?: Readonly<Record<string, Value>>;
  /** Folders that hold `<Name>/task.json`, such as dist/tasks or an unzipped extension. */
  readonly taskFolders: readonly string[];
  readonly serviceConnections?: readonly ServiceConnection[];
  /** `https://dev.azure.com/contoso/` */
  readonly collectionUri: string;
  /** The repository: `checkout: self` copies it, and absolute template paths start there. */
  readonly workspace: string;
  readonly proxy?: NonNullable<AgentNetwork['proxy']>;
  readonly caFile?: string;
  /** Variables of the pipeline's settings page; those of the YAML hide them. */
  readonly variables?: Readonly<Record<string, GivenValue>>;
  /** The variable groups of the library, by name. */
  readonly variableGroups?: VariableGroups;
  /** The virtual machines that environments hold, by the environment's name. This machine plays each of them. */
  readonly machines?: Readonly<Record<string, readonly Machine[]>>;
  /** Asked for each environment before a stage that uses it; false refuses the stage. */
  readonly approvals?: (environment: string, stage: string) => Promise<boolean>;
  /** Why the run is there: `Build.Reason`; `Manual` by default. */
  readonly reason?: 'Manual' | 'IndividualCI' | 'PullRequest' | 'Schedule';
  /** `refs/heads/main` by default. */
  readonly sourceBranch?: string;
  /** Folders of programs that this agent has in front of its PATH. */
  readonly path?: readonly string[];
  /** The Node that runs tasks; this one by default. */
  readonly nodePath?: string;
  readonly output: (line: string) => void;
  /** Shows every line of every group, and debug lines. */
  readonly verbose?: boolean;
  /** Takes the place of the plain view on `output`. */
  readonly view?: RunView;
  /** Cancels the run, as the button does. */
  readonly cancel?: AbortSignal;
  /** The first attempt of every stage; 1 by default. */
  readonly attempt?: number;
  readonly buildId?: number;
  readonly buildNumber?: string;
  readonly project?: { readonly name: string; readonly id: string };
  /** The job access token; made up when not given. */
  readonly accessToken?: string;
  /** Where jobs work; a new folder below the system's temporary one by default. */
  readonly workFolder?: string;
  readonly clock?: Clock;
  readonly patience?: Patience;
  readonly minuteMs?: number;
  readonly retryMs?: number;
}
