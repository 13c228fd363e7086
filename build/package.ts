import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { distFolder, projectFolder, projectVersion, readJson, readTask } from './project.ts';
import { stage } from './stage.ts';
import { taskJsonFindings } from './task-json-rules.ts';
import { createVsix, readVsix } from './vsix.ts';
import { manifestFindings, vsixFindings } from './vsix-rules.ts';

/** `npm run package`: builds, packs and checks phoenix-scale-sets-<version>.vsix. */
const version = projectVersion();
const tasks = await stage(projectFolder, distFolder);
const files = tasks.map((task) => readTask(distFolder, task));
stopAt(taskJsonFindings(files, version).map(({ task, message }) => `tasks/${task}/task.json: ${message}`));
stopAt(manifestFindings(readJson(join(distFolder, 'vss-extension.json')) as object, tasks));

const vsix = join(distFolder, `phoenix-scale-sets-${version}.vsix`);
createVsix(distFolder, vsix);
const { size } = statSync(vsix);
stopAt(vsixFindings(await readVsix(vsix), size, tasks));
console.log(`packed ${relative(projectFolder, vsix)} (${Math.ceil(size / 1024)} KB, ${tasks.length} tasks)`);

function stopAt(findings: readonly string[]): void {
  if (findings.length === 0) return;
  for (const finding of findings) console.error(finding);
  process.exit(1);
}
