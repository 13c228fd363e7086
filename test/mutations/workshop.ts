import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutation, mutated } from './mutation.ts';

/** A copy of the project in which guards are taken away, one at a time; the checkout itself is never touched. */
export interface Workshop {
  readonly folder: string;
  /** Runs the body while one guard is gone, and puts the guard back. */
  without<T>(mutation: Mutation, body: () => Promise<T>): Promise<T>;
  close(): void;
}

const notCopied = /^(?:node_modules|dist|\.git|\.cache|\.demo)$/;

export function openWorkshop(project: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'phoenix-mutations-'));
  for (const entry of readdirSync(project))
    if (!notCopied.test(entry)) cpSync(join(project, entry), join(folder, entry), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    folder,
    async without(mutation, body) {
      const file = join(folder, mutation.file);
      const whole = readFileSync(file, 'utf8');
      writeFileSync(file, mutated(whole, mutation));
      try {
        return await body();
      } finally {
        writeFileSync(file, whole);
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
