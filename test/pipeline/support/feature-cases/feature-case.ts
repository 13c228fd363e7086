import type { Scratch } from '../play-scratch.ts';

/** A small pipeline for a row of the feature table, and what its steps print. */
export interface FeatureCase extends Scratch {
  /** The row's id. */
  readonly feature: string;
  /**
   * The page whose example is told here in other words: below https://learn.microsoft.com/azure/devops/pipelines/, or a
   * file of microsoft/azure-pipelines-agent where no page shows it.
   */
  readonly follows: string;
  /** What this one is about, where a row has several. */
  readonly about?: string;
  readonly prints?: readonly string[];
  /** Jobs run side by side: what they print is compared in the alphabet's order. */
  readonly sorted?: boolean;
  /** Compares only lines like this. */
  readonly only?: RegExp;
  readonly outline?: readonly string[];
}

/** A script step's text that sets an output. */
export const output = (name: string, value: string) =>
  `echo '##vso[task.setvariable variable=${name};isOutput=true]${value}'`;

export const exitCode1 = "##[error]Bash exited with code '1'.";
