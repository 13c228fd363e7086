import { parseArgs } from 'node:util';

export interface Options {
  /** Who approves stages: a person at the terminal, or everything at once (for machines). */
  readonly approve: 'ask' | 'all';
  /** Leave everything running at the end, and say how `az` reaches it. */
  readonly keep: boolean;
  /** The control run sets this to false: nodes leave without draining, and requests must break. */
  readonly drain: boolean;
  /** Show all that the tasks print. */
  readonly verbose: boolean;
}

export const usage = `npm run demo [-- options]

  --approve all   approve every stage at once instead of asking
  --keep          leave everything running at the end, and print how az reaches it
  --no-drain      the control run: nodes leave without draining, so that requests break
  --verbose       print everything that the tasks print`;

/** Reads the command line, or says in a sentence what is wrong with it. */
export function readOptions(argv: readonly string[], isTerminal: boolean): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        approve: { type: 'string' },
        keep: { type: 'boolean', default: false },
        'no-drain': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    });
    if (values.approve !== undefined && values.approve !== 'all')
      return { problem: `--approve is "${values.approve}", but can only be "all"` };
    if (values.approve === undefined && !isTerminal)
      return { problem: 'There is no terminal to ask for the approval; say --approve all' };
    return {
      approve: values.approve === 'all' ? 'all' : 'ask',
      keep: values.keep,
      drain: !values['no-drain'],
      verbose: values.verbose,
    };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
