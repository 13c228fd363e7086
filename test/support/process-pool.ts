import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Shares jobs among processes, one at a time each; answers come as promises, in whatever order. */
export interface ProcessPool<Job, Answer> {
  run(job: Job): Promise<Answer>;
  close(): void;
}

interface PoolOptions {
  readonly many?: number;
  /** As `os.setPriority` has it: with `low` these processes take only what others leave. */
  readonly priority?: number;
}

export const { PRIORITY_LOW: low, PRIORITY_NORMAL: normal } = constants.priority;

export function openPool<Job extends object, Answer>(
  file: URL,
  { many = availableParallelism(), priority = normal }: PoolOptions = {},
): ProcessPool<Job, Answer> {
  const children = Array.from({ length: many }, () => {
    const child = fork(fileURLToPath(file), { execArgv: ['--import=tsx'] });
    if (child.pid !== undefined) setPriority(child.pid, priority);
    return child;
  });
  const idle = [...children];
  const queue: ((child: ChildProcess) => void)[] = [];

  function give(child: ChildProcess): void {
    const next = queue.shift();
    if (next) next(child);
    else idle.push(child);
  }

  async function run(job: Job): Promise<Answer> {
    const child = idle.pop() ?? (await new Promise<ChildProcess>((resolve) => queue.push(resolve)));
    try {
      return await answerOf<Answer>(child, job);
    } finally {
      give(child); // one that has died too: whoever waits for it hears of that
    }
  }

  return {
    run(job) {
      const answer = run(job);
      answer.catch(() => {}); // whoever asked hears it, perhaps later
      return answer;
    },
    close: () => children.forEach((child) => void child.kill()),
  };
}

function answerOf<Answer>(child: ChildProcess, job: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (message: unknown): void => {
      child.off('exit', died);
      resolve(message as Answer);
    };
    const died = (code: number | null): void => {
      child.off('message', done);
      reject(new Error(`the process ended by itself with ${code}`));
    };
    if (!child.connected) return died(child.exitCode);
    child.once('message', done);
    child.once('exit', died);
    child.send(job);
  });
}
