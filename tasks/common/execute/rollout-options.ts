import type { CountOrPercent, Inputs } from '../agent/inputs.ts';
import type { ScaleSetRef } from '../azure/scale-set.ts';
import type { DrainScripts } from '../drain/script-drain.ts';
import { scriptText } from '../drain/script-text.ts';
import { Failure } from '../failure.ts';
import type { HealthSource } from '../health/source.ts';
import type { PauseOptions } from '../pause/find-pauses.ts';
import type { ProtectedNodes } from '../pause/liftable.ts';
import type { Amount, Limits } from '../rollout/limits.ts';
import type { OnDrainTimeout } from '../rollout/next-steps.ts';
import { readHealth } from './health-options.ts';

/** What an upgrade and a rollback ask of their authors alike. */
export interface RolloutOptions extends PauseOptions {
  readonly set: ScaleSetRef;
  /** Nodes that may be out of service at once; shares are rounded down. */
  readonly maxUnavailable: Amount;
  readonly limits: Omit<Limits, 'wanted' | 'maxUnavailable' | 'beginsUntil'>;
  /** How long after its start the task may begin with further nodes. */
  readonly jobDeadlineMs?: number;
  readonly drain?: DrainScripts;
  /** Who says whether a node is healthy. */
  readonly health: HealthSource;
  readonly onDrainTimeout: OnDrainTimeout;
  /** Nodes that are protected from actions of the scale set are left alone, waited for, or brought along. */
  readonly protectedNodes: ProtectedNodes;
  readonly takeover: boolean;
  /** What others changed in the model beside the image goes to the nodes as well. */
  readonly allowModelDrift: boolean;
}

export type ReadText = (path: string) => string;

/** Reads and checks the inputs that both tasks have, and what contradicts each other among them. */
export function readRolloutOptions(inputs: Inputs, readText: ReadText): RolloutOptions {
  const drain = readDrain(inputs, readText);
  const limits = readLimits(inputs);
  const jobDeadline =
    inputs.optionalText('jobDeadline') && inputs.duration('jobDeadline', { fallback: '6h', max: '6h', unit: 'm' });
  if (drain && drain.timeoutMs >= limits.progressDeadlineMs) {
    throw contradiction(
      `Input "drainTimeout" is ${drain.timeoutMs / 60_000} minutes, which is not shorter than progressDeadline, ${limits.progressDeadlineMs / 60_000} minutes: the rollout would give up while its first node still drains`,
    );
  }
  return {
    set: {
      resourceGroup: inputs.resourceName('resourceGroupName', 'resource group'),
      name: inputs.resourceName('vmssName', 'scale set'),
    },
    maxUnavailable: atLeastOne(inputs.countOrPercent('maxUnavailable', '20%'), 'maxUnavailable'),
    limits,
    ...(jobDeadline && { jobDeadlineMs: jobDeadline.ms }),
    ...(drain && { drain }),
    health: readHealth(inputs, (path) => readScript('healthScript', path, readText)),
    onDrainTimeout: inputs.choice('onDrainTimeout', ['fail', 'skipToEnd', 'proceed'], 'fail'),
    protectedNodes: inputs.choice('protectedNodes', ['skip', 'wait', 'replace'], 'skip'),
    autoscale: inputs.choice('autoscale', ['keep', 'pause'], 'keep'),
    upgradePolicy: inputs.choice('upgradePolicy', ['requireManual', 'switchToManual'], 'requireManual'),
    takeover: inputs.flag('takeover', false),
    allowModelDrift: inputs.flag('allowModelDrift', false),
  };
}

function readLimits(inputs: Inputs): RolloutOptions['limits'] {
  const minReadySeconds = inputs.count('minReadySeconds', { min: 0, max: 3600, fallback: 30 });
  const nodeHealthTimeout = inputs.duration('nodeHealthTimeout', { fallback: '10m', max: '2h', unit: 'm' });
  if (nodeHealthTimeout.ms <= minReadySeconds * 1000) {
    throw contradiction(
      `Input "nodeHealthTimeout" is "${nodeHealthTimeout.text}", which is not longer than minReadySeconds ${minReadySeconds}: no node could ever be ready in time`,
    );
  }
  const progressDeadline = inputs.duration('progressDeadline', { fallback: '30m', max: '6h', unit: 'm' });
  if (progressDeadline.ms < nodeHealthTimeout.ms) {
    throw contradiction(
      `Input "progressDeadline" is "${progressDeadline.text}", which is shorter than nodeHealthTimeout ${nodeHealthTimeout.text}: the rollout would give up before its first node may`,
    );
  }
  return {
    maxFailedNodes: inputs.count('maxFailedNodes', { min: 0, max: 1000, fallback: 0 }),
    minReadyMs: minReadySeconds * 1000,
    nodeHealthTimeoutMs: nodeHealthTimeout.ms,
    progressDeadlineMs: progressDeadline.ms,
  };
}

function readDrain(inputs: Inputs, readText: ReadText): DrainScripts | undefined {
  const drainPath = inputs.optionalPath('drainScript');
  const undrainPath = inputs.optionalPath('undrainScript');
  const timeoutMs = inputs.duration('drainTimeout', { fallback: '5m', max: '85m', unit: 'm' }).ms;
  if (undrainPath !== undefined && drainPath === undefined) {
    throw contradiction(
      `Input "undrainScript" is "${undrainPath}", but drainScript is empty: there would be nothing to take back`,
    );
  }
  if (drainPath === undefined) return undefined;
  return {
    drain: readScript('drainScript', drainPath, readText),
    ...(undrainPath !== undefined && { undrain: readScript('undrainScript', undrainPath, readText) }),
    timeoutMs,
  };
}

/** A script goes into the body of a call, as text; an empty one would say of every node that it is drained. */
function readScript(name: string, path: string, readText: ReadText): string {
  const refuse = (problem: string, cause?: unknown) =>
    new Failure(
      'FileUnusable',
      `Input "${name}" is "${path}", which ${problem}`,
      'Give a script of the checkout: a text file, at most 256 KB.',
      { cause },
    );
  let text: string;
  try {
    text = scriptText(readText(path));
  } catch (error) {
    throw refuse(`could not be read: ${(error as Error).message}`, error);
  }
  if (text.trim() === '') throw refuse('is empty');
  if (text.includes('\0')) throw refuse('is no text file');
  if (text.length > longestScript) throw refuse(`is ${Math.round(text.length / 1024)} KB long`);
  return text;
}

/** Our own limit, far above any script: Azure's is not documented, and a tool's binary is no script. */
const longestScript = 256 * 1024;

/** In-place replacement takes a node out of service before it is back: with none allowed it could never start. */
export function atLeastOne(amount: CountOrPercent, name: string): CountOrPercent {
  const number = amount.kind === 'count' ? amount.count : amount.percent;
  if (number > 0) return amount;
  throw new Failure(
    'InputOutOfRange',
    `Input "${name}" is "${amount.text}"`,
    `It must be at least 1 node, or a share above 0%.`,
  );
}

const contradiction = (message: string) => new Failure('ContradictoryInputs', message, 'Change one of the two inputs.');
