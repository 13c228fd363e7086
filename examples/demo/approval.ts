import { createInterface } from 'node:readline/promises';
import type { Options } from './options.ts';

/** The environment of the example pipeline that somebody must approve, as its settings page in Azure DevOps says. */
export const productionEnvironment = 'shop-production';

/** Asks at the terminal before a stage that needs it; `show` gives what to decide by. */
export function approvals({ options, say, cancel }: Asker, show: () => Promise<string>) {
  return async (environment: string, stage: string): Promise<boolean> => {
    if (environment !== productionEnvironment) return true;
    say(await show());
    if (options.approve === 'ask')
      return ask(`** Approve stage ${stage} on environment ${environment}? [y/n] `, cancel);
    say(`** Stage ${stage} on environment ${environment}: approved by --approve all`);
    return true;
  };
}

interface Asker {
  readonly options: Options;
  readonly say: (line: string) => void;
  readonly cancel: AbortSignal;
}

async function ask(question: string, cancel: AbortSignal): Promise<boolean> {
  const closed = new AbortController();
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT')); // While it reads, it takes Ctrl-C for itself.
  terminal.on('close', () => closed.abort()); // Ctrl-D: nobody is there to ask any more.
  try {
    for (;;) {
      const answer = await terminal.question(question, { signal: AbortSignal.any([cancel, closed.signal]) });
      if (/^y(es)?$/i.test(answer.trim())) return true;
      if (/^no?$/i.test(answer.trim())) return false;
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
}
