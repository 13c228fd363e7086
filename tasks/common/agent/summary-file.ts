import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../random.ts';

/** Writes a summary for the run's page, whose heading is the file's name; a folder of its own keeps equal titles apart. */
export function writeSummary(tempFolder: string, title: string, markdown: string, id = newId()): string {
  const folder = join(tempFolder, `phoenix-summary-${id}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${fileName(title)}.md`);
  writeFileSync(file, markdown, 'utf8');
  return file;
}

/** What Windows, Linux and macOS all take as a name. */
function fileName(title: string): string {
  const name = title
    .replace(/[\\/:*?"<>|\p{C}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120)
    .replace(/[. ]+$/, '');
  return name === '' ? 'Summary' : name;
}
