import { type Artifact, artifactsOf } from './artifacts.ts';
import type { PackerEvent } from './machine-readable.ts';

/** What is worth remembering of a run while it is streamed: for the progress bar, and for the day it fails. */
export interface Transcript {
  /** The step that each build is in, in Packer's words. */
  readonly steps: Readonly<Record<string, string>>;
  /** The step in which each build went wrong; clean-up steps that follow don't count. */
  readonly failedSteps: Readonly<Record<string, string>>;
  /** Why a build failed, as Packer sums it up at the end. */
  readonly failures: readonly string[];
  /** The last lines on the error level, newest last. A provisioner's stderr is among them. */
  readonly errorLines: readonly string[];
  readonly groups: readonly TemporaryGroup[];
  readonly artifactEvents: readonly PackerEvent[];
  readonly percent: number;
}

/** A resource group that Packer made for one build: what stays behind when it can't clean up. */
export interface TemporaryGroup {
  readonly build: string;
  readonly name: string;
  readonly deleted: boolean;
}

export const emptyTranscript: Transcript = {
  steps: {},
  failedSteps: {},
  failures: [],
  errorLines: [],
  groups: [],
  artifactEvents: [],
  percent: 0,
};

const keptErrorLines = 12;

/** The transcript after one more event. */
export function heard(before: Transcript, event: PackerEvent): Transcript {
  switch (event.kind) {
    case 'artifact':
      return { ...before, artifactEvents: [...before.artifactEvents, event] };
    case 'buildFailed':
      return { ...before, failures: [...before.failures, `${event.build}: ${event.text.trim()}`] };
    case 'said':
      return linesOf(event.text).reduce((seen, line) => heardLine(seen, line, event.level), before);
    case 'raw':
      return event.text.trim() === '' ? before : withError(before, event.text);
    default:
      return before;
  }
}

export const artifactsIn = (transcript: Transcript): readonly Artifact[] => artifactsOf(transcript.artifactEvents);

/** Resource groups that Packer made and has not said to be gone. */
export const groupsLeft = (transcript: Transcript) =>
  transcript.groups.filter(({ deleted }) => !deleted).map(({ name }) => name);

/** Lines of a text that hold something. */
export const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');

function heardLine(before: Transcript, line: string, level: 'say' | 'message' | 'error'): Transcript {
  if (level === 'message') return before;
  const seen = level === 'error' ? withError(before, line) : before;
  const [, build, text = ''] = /^==> ([^:]+): *(\S.*)$/.exec(line) ?? [];
  if (build === undefined) return withBrokenBuild(seen, line);
  if (level === 'error') return seen;
  return heardStep(withGroup(seen, build, text), build, text);
}

function heardStep(before: Transcript, build: string, text: string): Transcript {
  if (/had errors/.test(text)) return brokenAt(before, build);
  if (isDetail(text) || isCleanUp(text)) return before;
  return { ...before, steps: { ...before.steps, [build]: text }, percent: Math.max(before.percent, percentAt(text)) };
}

/** `Build 'azure-arm' errored after 2 minutes: …` */
function withBrokenBuild(before: Transcript, line: string): Transcript {
  const [, build] = /^Build '([^']+)' errored/.exec(line) ?? [];
  return build === undefined ? before : brokenAt(before, build);
}

function brokenAt(before: Transcript, build: string): Transcript {
  const step = before.steps[build];
  if (step === undefined || before.failedSteps[build] !== undefined) return before;
  return { ...before, failedSteps: { ...before.failedSteps, [build]: step } };
}

const withError = (before: Transcript, line: string): Transcript => ({
  ...before,
  errorLines: [...before.errorLines, line.trim()].slice(-keptErrorLines),
});

// The texts below: packer-plugin-azure, builder/azure/arm/step_*.go; 1.6.6 prints the same ones.

/** ` -> Name : 'value'` belongs to the step above it. */
const isDetail = (text: string) => /^(->|->>|\.\.\.|WARNING|ERROR)/.test(text);
const isCleanUp = (text: string) =>
  /^(Cleanup requested|Cleaning up|Deleting|Deleted|Removing the created|Resource group has been deleted|Not waiting for Resource Group|The resource group was not created|Revoking)/i.test(
    text,
  );

function withGroup(before: Transcript, build: string, text: string): Transcript {
  const [, name] = /^-> ResourceGroupName *: '([^']+)'/.exec(text) ?? [];
  if (name !== undefined && /^Creating resource group/.test(before.steps[build] ?? ''))
    return addGroup(before, build, name);
  if (/^Resource group has been deleted/.test(text)) return markDeleted(before, build);
  return before;
}

function addGroup(before: Transcript, build: string, name: string): Transcript {
  if (before.groups.some((group) => group.name === name)) return before;
  return { ...before, groups: [...before.groups, { build, name, deleted: false }] };
}

const markDeleted = (before: Transcript, build: string): Transcript => ({
  ...before,
  groups: before.groups.map((group) => (group.build === build ? { ...group, deleted: true } : group)),
});

/** How far a step usually is; the bar never goes back, whatever several builds say. */
const milestones: readonly (readonly [RegExp, number])[] = [
  [/^Running builder|^Getting tokens|^Creating Azure Resource Manager/, 5],
  [/^Creating resource group|^Using existing resource group/, 10],
  [/^Deploying deployment template/, 15],
  [/^Getting the VM's IP address/, 30],
  [/^Connected to/, 40],
  [/^Provisioning with|^Running local shell script|^Uploading/, 50],
  [/^Querying the machine's properties/, 70],
  [/^Powering off machine/, 75],
  [/^Capturing image/, 80],
  [/^Publishing to Shared Image Gallery/, 90],
  [/^Running post-processor/, 95],
];

const percentAt = (text: string) => milestones.find(([words]) => words.test(text))?.[1] ?? 0;
