import { createInterface } from 'node:readline/promises';
import type { Options } from './options.ts';

/** Environments of the example pipeline that somebody must approve, as their settings page in Azure DevOps says. */
const approved = new Set(['shop-production']);

/** Asks at the terminal before a stage that needs it; `show` prints what to decide by. */
export function approvals({ approve }: Options, say: (line: string) => void, show: () => Promise<string>) {
  return async (environment: string, stage: string): Promise<boolean> => {
    if (!approved.has(environment)) return true;
    say(await show());
    if (approve === 'all') {
      say(`** Stage ${stage} on environment ${environment}: approved by --approve all`);
      return true;
    }
    return ask(`** Approve stage ${stage} on environment ${environment}? [y/n] `);
  };
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = (await terminal.question(question)).trim().toLowerCase();
      if (['y', 'yes'].includes(answer)) return true;
      if (['n', 'no'].includes(answer)) return false;
    }
  } finally {
    terminal.close();
  }
}
