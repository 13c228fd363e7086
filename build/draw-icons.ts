import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Drawing, rasterise } from './drawing/canvas.ts';
import { icons } from './drawing/icons.ts';
import { encodePng } from './drawing/png.ts';
import { projectFolder } from './project.ts';

/** `npm run icons`: draws every picture that the marketplace and the pipeline editor show. The files are committed. */
for (const [name, drawing] of Object.entries(icons)) {
  if (name === 'extension') save('images/icon.png', drawing, 128);
  else save(`tasks/${name}/icon.png`, drawing, 32);
}

function save(path: string, drawing: Drawing, size: number): void {
  const file = join(projectFolder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, encodePng(rasterise(drawing, size)));
  console.log(`drew ${path} (${size}x${size})`);
}
