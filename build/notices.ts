import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './project.ts';

const heading = 'Phoenix Scale Sets contains the following software, each under its own licence.';

/** The packages that files of a bundle belong to: `node_modules/@azure/identity/dist/x.js` → `node_modules/@azure/identity`. */
export function bundledPackages(inputs: readonly string[]): readonly string[] {
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** The licence of every package inside the bundles: most ask that their text travels with copies. */
export function thirdPartyNotices(projectFolder: string, packages: readonly string[]): string {
  const notices = packages.map((folder) => notice(join(projectFolder, folder)));
  return `${[heading, ...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function notice(folder: string): string {
  const { name, version, license } = readJson(join(folder, 'package.json')) as Record<string, string>;
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license ?? 'not stated'}`;
  return `${name} ${version}\n\n${text.replaceAll('\r\n', '\n')}`;
}
