import { constants, setPriority } from 'node:os';
import { crashEverywhere } from './crashes.ts';
import type { Cell } from './story.ts';

// Other tests are at work beside it, and some of them have real machines: they go first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** One of the processes that the cells are shared among: time is faked in each for itself. */
process.on('message', async (cell: Cell) => {
  try {
    process.send?.({ crashes: await crashEverywhere(cell) });
  } catch (error) {
    process.send?.({ problem: String((error as Error).stack) });
  }
});
