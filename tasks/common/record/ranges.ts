/** `['0','1','2','5']` as `0-2,5`: instance numbers of a large set still fit into a tag. */
export function toRanges(ids: readonly string[]): string {
  const parts: string[] = [];
  for (const run of runsOf(ids)) parts.push(run.length > 1 ? `${run[0]}-${run[run.length - 1]}` : `${run[0]}`);
  return parts.join(',');
}

function runsOf(ids: readonly string[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  for (const id of ids.map(Number).sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[last.length - 1] === id - 1) last.push(id);
    else runs.push([id]);
  }
  return runs;
}

export function fromRanges(text: string): readonly string[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
    });
}
