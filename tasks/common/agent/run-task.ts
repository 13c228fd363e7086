import { Failure } from '../failure.ts';
import type { Agent } from './agent.ts';
import { harmless, harmlessLine } from './harmless.ts';
import { command } from './print-log.ts';
import { currentProcess, type TaskProcess } from './task-process.ts';

/** How a task ends when nothing was thrown. */
export interface Conclusion {
  readonly result: 'succeeded' | 'succeededWithIssues' | 'failed';
  /** One sentence; of a failed or doubtful ending it is also counted as an issue of the run. */
  readonly message: string;
  /** Of a failed ending: one of the words of docs/troubleshooting.md. */
  readonly code?: string;
}

/**
 * The one `catch` of a task. Says to the agent how it ended and then ends the process, even when a socket or a timer is
 * still open. The exit code stays 0 once the agent has been told: anything else it takes for a broken infrastructure
 * (azure-pipelines-agent `NodeHandler.cs`: "Task failure should be communicated over STDOUT using ## commands").
 */
export async function runTask(
  agent: Agent | (() => Agent),
  body: (agent: Agent) => Promise<Conclusion>,
  host: TaskProcess = currentProcess,
): Promise<void> {
  const finish = oneEnding(host);
  host.onUnhandled((error) => void finish(problem(error)));
  try {
    await finish(conclusionLines(await body(typeof agent === 'function' ? agent() : agent)));
  } catch (error) {
    await finish(problem(error));
  }
}

/** The first ending counts: an unhandled rejection may come while another is being written. */
function oneEnding(host: TaskProcess): (lines: readonly string[]) => Promise<void> {
  let ending: Promise<void> | undefined;
  return (lines) => {
    ending ??= host.end(lines);
    return ending;
  };
}

const results = { succeeded: 'Succeeded', succeededWithIssues: 'SucceededWithIssues', failed: 'Failed' } as const;
const issueTypes = { succeeded: undefined, succeededWithIssues: 'warning', failed: 'error' } as const;

function conclusionLines({ result, message, code }: Conclusion): readonly string[] {
  const type = issueTypes[result];
  const text = code === undefined ? harmless(message) : `${harmless(message)} (${code})`;
  const issue = type === undefined ? [] : [command('task.logissue', { type, ...(code && { code }) }, text)];
  return [...issue, command('task.complete', { result: results[result] }, harmlessLine(message))];
}

const problem = (error: unknown) => (error instanceof Failure ? failureLines(error) : defectLines(error));

function failureLines(failure: Failure): readonly string[] {
  const message = harmless(failure.message);
  return [
    command('task.logissue', { type: 'error', code: failure.code }, `${message} (${failure.code})`),
    ...(failure.hint === '' ? [] : `What to do: ${harmless(failure.hint)}`.split('\n')),
    ...causeLines(failure),
    command('task.complete', { result: 'Failed' }, harmlessLine(failure.message)),
  ];
}

/** Where a failure came from, for those who look with `system.debug`. */
function causeLines(failure: Failure): readonly string[] {
  if (failure.cause === undefined) return [];
  return harmless(stackOf(failure.cause))
    .split('\n')
    .map((line) => command('task.debug', {}, line));
}

function defectLines(error: unknown): readonly string[] {
  const summary = harmlessLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return [
    command('task.logissue', { type: 'error', code: 'Defect' }, `This is a defect of the task itself. ${summary}`),
    ...harmless(stackOf(error)).split('\n'),
    "What to do: please report it with the lines above to the extension's issues page.",
    command('task.complete', { result: 'Failed' }, `A defect of the task itself: ${summary}`),
  ];
}

const stackOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
