import type { Expression } from '../expressions/parse.ts';
import type { Place } from '../yaml/problem.ts';

/** A pipeline after everything that is decided before a run: what stages, jobs and steps there are. */
export interface Pipeline {
  readonly variables: readonly VariableDefinition[];
  readonly stages: readonly Stage[];
}

export interface VariableDefinition {
  readonly name: string;
  readonly value: VariableValue;
  readonly readonly: boolean;
  /** A secret of a variable group. */
  readonly secret?: true;
  readonly place: Place;
}

/**
 * `$[ ]` is evaluated when the job starts; everything else is a text, maybe with `$(macros)`. What a group holds is not
 * known to `${{ }}`.
 */
export type VariableValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly text: string }
  | { readonly kind: 'runtime'; readonly expression: Expression; readonly text: string };

export interface Condition {
  readonly expression: Expression;
  readonly text: string;
  readonly place: Place;
}

export interface Stage {
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  readonly condition?: Condition;
  readonly variables: readonly VariableDefinition[];
  readonly jobs: readonly Job[];
  readonly place: Place;
}

export interface Job {
  readonly name: string;
  readonly displayName: string;
  readonly dependsOn: readonly string[];
  readonly condition?: Condition;
  readonly variables: readonly VariableDefinition[];
  readonly continueOnError: boolean;
  /** 0 is no limit. */
  readonly timeoutInMinutes: number;
  /** How long `always()` steps may go on after a cancel. */
  readonly cancelTimeoutInMinutes: number;
  readonly work: Work;
  readonly place: Place;
}

export type Work =
  | { readonly kind: 'steps'; readonly steps: readonly Step[]; readonly copies?: Copies }
  | { readonly kind: 'deployment'; readonly environment: Environment; readonly strategy: Strategy };

/** How one written job becomes several: `strategy: matrix` or `strategy: parallel`. */
export interface Copies {
  readonly of: Matrix | { readonly kind: 'parallel'; readonly count: number };
  /** How many may run at once; 0 is no limit. */
  readonly maxParallel: number;
  readonly place: Place;
}

/** Legs as they are written, or an expression that gives them as JSON when the job starts. */
export type Matrix =
  | { readonly kind: 'legs'; readonly legs: readonly Leg[] }
  | { readonly kind: 'computed'; readonly expression: Expression; readonly text: string };

export interface Leg {
  readonly name: string;
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** Where a deployment goes; with `machines`, each hook is a job on each of them. */
export interface Environment {
  readonly name: string;
  readonly machines?: {
    /** One machine by name; all, or those with all of the tags, when it is not given. */
    readonly name?: string;
    readonly tags: readonly string[];
  };
  readonly place: Place;
}

export type HookName = 'preDeploy' | 'deploy' | 'routeTraffic' | 'postRouteTraffic';

/** Each hook becomes a job of its own. */
export interface Strategy {
  readonly kind: 'runOnce' | 'canary' | 'rolling';
  /** Percentages of a canary; the others have none. */
  readonly increments: readonly number[];
  /** How many machines a rolling strategy takes at a time: a number or a share of them. */
  readonly maxParallel: { readonly count: number } | { readonly percent: number };
  readonly hooks: ReadonlyMap<HookName, readonly Step[]>;
  readonly onSuccess?: readonly Step[];
  readonly onFailure?: readonly Step[];
}

export interface StepBase {
  /** As `$(name.variable)` calls it; empty when the author gave none. */
  readonly name: string;
  readonly displayName: string;
  readonly condition?: Condition;
  readonly enabled: boolean;
  readonly continueOnError: boolean;
  readonly timeoutInMinutes: number;
  readonly retryCountOnTaskFailure: number;
  readonly env: readonly Setting[];
  readonly place: Place;
}

/** A name and a text that may hold `$(macros)`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

export interface TaskStep extends StepBase {
  readonly kind: 'task';
  /** `BakeImage` of `BakeImage@0`. */
  readonly task: string;
  readonly major: number;
  readonly inputs: readonly Setting[];
}

export interface ScriptStep extends StepBase {
  readonly kind: 'script';
  readonly shell: 'script' | 'bash' | 'pwsh';
  readonly script: string;
  readonly workingDirectory: string;
  readonly failOnStderr: boolean;
}

export interface CheckoutStep extends StepBase {
  readonly kind: 'checkout';
  readonly repository: 'self' | 'none';
}

export interface PublishStep extends StepBase {
  readonly kind: 'publish';
  readonly path: string;
  readonly artifact: string;
}

export interface DownloadStep extends StepBase {
  readonly kind: 'download';
  readonly from: 'current' | 'none';
  /** Empty for all artifacts of the run. */
  readonly artifact: string;
  /** One a line. */
  readonly patterns: string;
}

export type Step = TaskStep | ScriptStep | CheckoutStep | PublishStep | DownloadStep;
