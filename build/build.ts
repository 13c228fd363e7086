import { statSync } from 'node:fs';
import { join } from 'node:path';
import { distFolder, projectFolder, readTask } from './project.ts';
import { stage } from './stage.ts';
import { targetsOf } from './task-json.ts';

/** `npm run build`: bundles every task and puts the extension together in dist/. */
for (const task of await stage(projectFolder, distFolder)) {
  const sizes = targetsOf(readTask(distFolder, task).json).map((file) => {
    const { size } = statSync(join(distFolder, 'tasks', task, file));
    return `${file} ${Math.round(size / 1024)} KB`;
  });
  console.log(`built dist/tasks/${task} (${sizes.join(', ')})`);
}
