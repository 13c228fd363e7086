import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import JSZip from 'jszip';

/** Files of a .vsix by their path inside it. */
export type Files = ReadonlyMap<string, Buffer>;

/** Runs tfx over a staged extension; nothing leaves the machine. What tfx only warns about is an error here. */
export function createVsix(dist: string, vsix: string): void {
  const tfx = createRequire(import.meta.url).resolve('tfx-cli/_build/tfx-cli.js');
  const options = [
    '--root',
    dist,
    '--manifest-globs',
    'vss-extension.json',
    '--output-path',
    vsix,
    '--no-color',
    '--no-prompt',
  ];
  const run = spawnSync(process.execPath, [tfx, 'extension', 'create', ...options], { encoding: 'utf8' });
  const said = `${run.stdout}${run.stderr}`;
  if (run.status !== 0) throw new Error(`tfx failed (${run.status ?? run.signal}):\n${said}`);
  if (/^warning:/im.test(said)) throw new Error(`tfx warned:\n${said}`);
}

/** Everything inside a .vsix. */
export async function readVsix(vsix: string): Promise<Files> {
  if (!existsSync(vsix)) throw new Error(`${vsix} is not there: run \`npm run package\` first`);
  const zip = await JSZip.loadAsync(readFileSync(vsix));
  const files = Object.values(zip.files).filter((file) => !file.dir);
  return new Map(await Promise.all(files.map(async (file) => [file.name, await file.async('nodebuffer')] as const)));
}

/** Unzips a .vsix into a folder: what an organisation gets when it installs the extension. */
export async function unpackVsix(vsix: string, folder: string): Promise<void> {
  for (const [name, bytes] of await readVsix(vsix)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}
