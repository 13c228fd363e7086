import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { distFolder, projectVersion } from '../../build/project.ts';
import { unpackVsix } from '../../build/vsix.ts';

/** Installs the packed extension into a folder, as an organisation would; gives the folder of its tasks. */
export async function installExtension(folder: string): Promise<string> {
  const vsix = join(distFolder, `phoenix-scale-sets-${projectVersion()}.vsix`);
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run npm run package (npm run demo does it)`);
  await unpackVsix(vsix, folder);
  return join(folder, 'tasks');
}
