/**
 * Plays items side by side, at most so many at once (0 is no limit), and gives back the results in the items' order. Each
 * gets the number of the agent that it runs on, from 0.
 */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  limit: number,
  play: (item: Item, agent: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()];
  const work = async (agent: number): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await play(next[1], agent);
  };
  const agents = limit === 0 ? items.length : Math.min(limit, items.length);
  await Promise.all(Array.from({ length: agents }, (_, agent) => work(agent)));
  return results;
}
