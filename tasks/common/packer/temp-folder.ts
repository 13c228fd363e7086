import { existsSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { valueIn } from './search-path.ts';

/** Variables that say where temporary files go, by system; where none is set there is always a usual place. */
const names = (platform: string) => (platform === 'win32' ? ['TMP', 'TEMP'] : ['TMPDIR']);

/**
 * Packer stops at once where its temporary folder is not there, with words that nobody understands. It then gets the agent's
 * own; not always, since a long path is no good for the sockets of its plugins.
 */
export function withTempFolder(
  platform: string,
  environment: Environment,
  tempFolder: string,
  exists: (path: string) => boolean = existsSync,
): Environment {
  const missing = names(platform).filter((name) => {
    const folder = valueIn(platform, environment, name);
    return folder !== undefined && folder !== '' && !exists(folder);
  });
  return { ...environment, ...Object.fromEntries(missing.map((name) => [name, tempFolder])) };
}
