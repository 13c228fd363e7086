/** Plain Markdown for the run's summary page: nothing proves that the page shows HTML, images or diagrams. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text from outside in a table: no pipe ends the cell, no line break ends the row, no markup is read as such. */
export function cell(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|<>*`[\]]/g, '\\$&');
}

/** Text that must be shown as it is; the fence is longer than any run of backticks inside. */
export function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}
