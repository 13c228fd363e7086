import { crashEverywhere } from './crashes.ts';
import type { Cell } from './story.ts';

/** One of the processes that the cells are shared among: time is faked in each for itself. */
process.on('message', async (cell: Cell) => {
  try {
    process.send?.({ crashes: await crashEverywhere(cell) });
  } catch (error) {
    process.send?.({ problem: String((error as Error).stack) });
  }
});
