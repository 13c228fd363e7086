import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Shares jobs among processes, one at a time each; answers come as promises, in whatever order. */
export interface ProcessPool<Job, Answer> {
  run(job: Job): Promise<Answer>;
  close(): void;
}

export function openPool<Job extends object, Answer>(
  file: URL,
  many = availableParallelism(),
): ProcessPool<Job, Answer> {
  const children = Array.from({ length: many }, () => fork(fileURLToPath(file), { execArgv: ['--import=tsx'] }));
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
