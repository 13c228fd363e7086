import { readdirSync, readFileSync } from 'node:fs';
import { unlessGone } from './search.ts';

/** A process as the system shows it to others. */
export interface SeenProcess {
  readonly pid: number;
  readonly parent: number;
  readonly argv: string;
  readonly environment: string;
}

export interface ProcessWatch {
  /** Looks taken at processes so far. */
  readonly snapshots: number;
  /** Each process once for every command line that it had. */
  readonly seen: readonly SeenProcess[];
  stop(): void;
}

/** Looks again and again at a process and all that descend from it, until it is stopped. Linux alone has `/proc`. */
export function watchProcesses(root: number, everyMs: number): ProcessWatch {
  const seen = new Map<string, SeenProcess>();
  const watch = { snapshots: 0, seen: [] as readonly SeenProcess[], stop: () => clearInterval(timer) };
  const look = () => {
    for (const found of family(root)) {
      watch.snapshots += 1;
      seen.set(`${found.pid} ${found.argv}`, found);
    }
    watch.seen = [...seen.values()];
  };
  const timer = setInterval(look, everyMs);
  look();
  return watch;
}

function family(root: number): readonly SeenProcess[] {
  const found = seenProcess(root);
  if (!found) return [];
  const threads = unlessGone(() => readdirSync(`/proc/${root}/task`)) ?? [];
  const children = threads.flatMap((thread) => textOf(`/proc/${root}/task/${thread}/children`).split(' '));
  return [found, ...children.filter((pid) => pid !== '').flatMap((pid) => family(Number(pid)))];
}

function seenProcess(pid: number): SeenProcess | undefined {
  const [argv, environment] = [textOf(`/proc/${pid}/cmdline`), textOf(`/proc/${pid}/environ`)];
  const parent = /^PPid:\s*(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1];
  return parent === undefined ? undefined : { pid, parent: Number(parent), argv, environment };
}

const textOf = (path: string) => unlessGone(() => readFileSync(path, 'utf8')) ?? '';
