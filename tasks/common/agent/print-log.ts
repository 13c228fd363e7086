import { TaskCommand } from 'azure-pipelines-task-lib/taskcommand.js';
import { harmless, harmlessLine } from './harmless.ts';
import type { Log } from './log.ts';

/** Writes one line to the agent; the line end is added. */
export type WriteLine = (line: string) => void;

/** A command to the agent, with its data escaped as the agent reads it. */
export function command(name: string, properties: Readonly<Record<string, string>>, data: string): string {
  return new TaskCommand(name, { ...properties }, data).toString();
}

/** The log of a task: text is made harmless, and only this file decides which lines are commands. */
export function printLog(write: WriteLine): Log {
  const lines = (text: string) => {
    for (const line of harmless(text).split('\n')) write(line);
  };
  return {
    line: lines,
    debug: (text) => {
      for (const line of harmless(text).split('\n')) write(command('task.debug', {}, line));
    },
    warning: (text) => write(command('task.logissue', { type: 'warning' }, harmless(text))),
    group(title, body) {
      write(`##[group]${harmlessLine(title, 200)}`);
      return closing(body, () => write('##[endgroup]'));
    },
  };
}

/** Runs `body` and then `close`, when `body` is a promise after it has settled. */
function closing<T>(body: () => T, close: () => void): T {
  let result: T;
  try {
    result = body();
  } catch (error) {
    close();
    throw error;
  }
  if (!(result instanceof Promise)) {
    close();
    return result;
  }
  return result.finally(close) as T;
}
