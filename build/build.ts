import { statSync } from 'node:fs';
import { join } from 'node:path';
import { distFolder, projectFolder } from './project.ts';
import { stage } from './stage.ts';

/** `npm run build`: bundles every task and puts the extension together in dist/. */
for (const task of await stage(projectFolder, distFolder)) {
  const { size } = statSync(join(distFolder, 'tasks', task, 'index.js'));
  console.log(`built dist/tasks/${task} (index.js ${Math.round(size / 1024)} KB)`);
}
