import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsPage, readRoles } from './permissions-page.ts';
import { projectFolder, readTask, taskNames } from './project.ts';
import type { TaskJson } from './task-json.ts';
import { taskPage } from './task-page.ts';

/** `npm run docs`: writes the reference page of every task, and the page of their rights. */
const folder = join(projectFolder, 'docs', 'tasks');
mkdirSync(folder, { recursive: true });
for (const name of taskNames()) {
  writeFileSync(join(folder, `${name}.md`), taskPage(readTask(projectFolder, name).json as TaskJson));
  console.log(`wrote docs/tasks/${name}.md`);
}
writeFileSync(join(projectFolder, 'docs', 'permissions.md'), permissionsPage(readRoles(projectFolder)));
console.log('wrote docs/permissions.md');
