import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newId } from '../random.ts';

/**
 * What a step tells its own post-job step. The agent keeps it as soon as the line has left this process, so it outlives a
 * process that is killed; no other step sees it (agent `TaskCommandExtension.cs`, `TaskSetTaskVariableCommand`).
 */
export interface StepMemory {
  remember(name: string, value: string): void;
  /** Undefined when nothing was remembered, or it was taken back by remembering nothing. */
  recall(name: string): string | undefined;
  /** A text that is too long for an environment variable, as a file of the agent's temporary folder: returns its path. */
  keepText(name: string, text: string): string;
  readText(path: string): string;
  dropText(path: string): void;
}

export interface MemorySource {
  /** Prints `##vso[task.settaskvariable]`. */
  readonly tell: (name: string, value: string) => void;
  readonly ask: (name: string) => string | undefined;
  /** Emptied by the agent after the last post-job step. */
  readonly tempFolder: string;
}

export function stepMemory({ tell, ask, tempFolder }: MemorySource): StepMemory {
  return {
    remember: tell,
    recall: (name) => ask(name)?.trim() || undefined,
    keepText(name, text) {
      const folder = join(tempFolder, `phoenix-kept-${newId()}`); // other steps of the job keep theirs
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, name);
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    readText: (path) => readFileSync(path, 'utf8'),
    dropText: (path) => rmSync(dirname(path), { recursive: true, force: true }),
  };
}
