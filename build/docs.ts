import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, readTask, taskNames } from './project.ts';
import type { TaskJson } from './task-json.ts';
import { taskPage } from './task-page.ts';

/** `npm run docs`: writes the reference page of every task. */
const folder = join(projectFolder, 'docs', 'tasks');
mkdirSync(folder, { recursive: true });
for (const name of taskNames()) {
  writeFileSync(join(folder, `${name}.md`), taskPage(readTask(projectFolder, name).json as TaskJson));
  console.log(`wrote docs/tasks/${name}.md`);
}
