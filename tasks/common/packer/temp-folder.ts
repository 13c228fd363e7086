import { existsSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { valueIn } from './search-path.ts';

/** Variables that say where temporary files go, by system; where none is set there is always a usual place. */
const names = (platform: string) => (platform === 'win32' ? ['TMP', 'TEMP'] : ['TMPDIR']);

/** Where every POSIX system has them when no variable says otherwise. */
const usual = '/tmp';

/**
 * Packer stops at once, with words that nobody understands, where its temporary folder is not there. A variable that names
 * such a one is left out, so that the usual place counts; where even that is missing the agent's own does (not always: its
 * provisioners know no spaces in that path, and the sockets of its plugins no long one).
 */
export function withTempFolder(
  platform: string,
  environment: Environment,
  tempFolder: string,
  exists: (path: string) => boolean = existsSync,
): Environment {
  const given = names(platform).map((name) => [name, valueIn(platform, environment, name) ?? ''] as const);
  const missing = given.filter(([, folder]) => folder !== '' && !exists(folder)).map(([name]) => name.toLowerCase());
  const kept = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !missing.includes(name.toLowerCase())),
  );
  const isNowhere = platform !== 'win32' && !exists(kept['TMPDIR'] || usual);
  return isNowhere ? { ...kept, TMPDIR: tempFolder } : kept;
}
