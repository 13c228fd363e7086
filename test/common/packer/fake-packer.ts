import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What the fake does when it is called as `packer -machine-readable build`. */
export interface Play {
  readonly version?: string;
  /** Lines of `init` and `validate`, and how they exit. */
  readonly init?: Performance;
  readonly validate?: Performance;
  readonly build?: Performance;
}

export interface Performance {
  /** Written as they are, breaks included; `base64:` for bytes that are no text. */
  readonly output?: readonly string[];
  readonly errors?: readonly string[];
  readonly exit?: number;
  /** Runs on until it is interrupted, cleans up for so long, and ends with 0, as Packer 1.6.6 does. */
  readonly untilInterrupted?: { readonly cleanUpMs: number };
  /** Asks the OIDC broker so often, as the Azure plugin does. */
  readonly askForTokens?: number;
  readonly writeFile?: string;
}

/** One call of the fake, as it saw it. */
export interface Call {
  readonly command: string;
  readonly pid: number;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly variableFiles: readonly { readonly path: string; readonly mode: string; readonly text: string }[];
  readonly tokens: readonly string[];
}

export interface FakePacker {
  readonly folder: string;
  readonly path: string;
  /** The calls so far, oldest first. */
  calls(): readonly Call[];
  /** What happened by name: `interrupted`, `cleaned`. */
  marks(): readonly string[];
  remove(): void;
}

const program = `#!/usr/bin/env node
const fs = require('fs'), http = require('http'), path = require('path');
const folder = __dirname, argv = process.argv.slice(2);
const command = argv.find((word) => !word.startsWith('-'));
const play = JSON.parse(fs.readFileSync(path.join(folder, 'play.json'), 'utf8'));
const mark = (name) => fs.appendFileSync(path.join(folder, 'marks'), name + '\\n');
const bytes = (text) => text.startsWith('base64:') ? Buffer.from(text.slice(7), 'base64') : Buffer.from(text);
const files = argv.filter((word) => word.startsWith('-var-file=')).map((word) => word.slice(10)).map((file) =>
  ({ path: file, mode: (fs.statSync(file).mode & 0o777).toString(8), text: fs.readFileSync(file, 'utf8') }));
const token = () => new Promise((done, fail) => http.get(process.env.ARM_OIDC_REQUEST_URL + '?audience=api%3A%2F%2FAzureADTokenExchange',
  { headers: { authorization: 'Bearer ' + process.env.ARM_OIDC_REQUEST_TOKEN } }, (answer) => {
    let text = ''; answer.on('data', (piece) => text += piece); answer.on('end', () => done(JSON.parse(text).value)); }).on('error', fail));
(async () => {
  if (command === 'version') return play.version === '' ? process.exit(1) : console.log('1,,version,' + (play.version || '1.6.6'));
  const part = play[command] || {};
  const tokens = [];
  for (let asked = 0; asked < (part.askForTokens || 0); asked++) tokens.push(await token());
  fs.appendFileSync(path.join(folder, 'calls'), JSON.stringify({ command, pid: process.pid, argv, env: process.env, folder: process.cwd(), variableFiles: files, tokens }) + '\\n');
  if (part.writeFile) fs.writeFileSync(part.writeFile, '{}');
  if (part.untilInterrupted) {
    // Ends with its test at the latest, also where the task that should have ended it is the one that fails.
    setInterval(() => fs.existsSync(folder) || process.exit(), 1000);
    process.on('SIGINT', () => {
      mark('interrupted');
      process.stdout.write('1,,ui,error,Cancelling build after receiving interrupt\\n');
      setTimeout(() => {
        for (let line = 0; line < 50; line++) process.stdout.write('1,,ui,say,==> azure-arm: Resource group has been deleted.\\n');
        mark('cleaned');
        process.exit(0);
      }, part.untilInterrupted.cleanUpMs);
    });
  }
  for (const text of part.output || []) process.stdout.write(bytes(text));
  for (const text of part.errors || []) process.stderr.write(bytes(text));
  if (!part.untilInterrupted) process.exitCode = part.exit || 0;
})();
`;

/** Puts a program named packer into a folder of its own. */
export function fakePacker(play: Play): FakePacker {
  const folder = mkdtempSync(join(tmpdir(), 'fake-packer-'));
  mkdirSync(join(folder, 'temp'));
  writeFileSync(join(folder, 'packer'), program, { mode: 0o755 });
  writeFileSync(join(folder, 'play.json'), JSON.stringify(play));
  const lines = (file: string) =>
    readdirSync(folder).includes(file) ? readFileSync(join(folder, file), 'utf8').trim().split('\n') : [];
  return {
    folder,
    path: [folder, dirname(process.execPath)].join(delimiter),
    calls: () => lines('calls').map((line) => JSON.parse(line) as Call),
    marks: () => lines('marks'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Packer's lines for a build that made a managed image, after these others. */
export const managedImage = (name: string, build = 'azure-arm'): readonly string[] => [
  `1,${build},artifact-count,1\n`,
  `1,${build},artifact,0,builder-id,Azure.ResourceManagement.VMImage\n`,
  `1,${build},artifact,0,string,Azure.ResourceManagement.VMImage:\\n\\nOSType: Linux\\nManagedImageName: ${name}\\nManagedImageId: ${imageId(name)}\\nManagedImageLocation: koreacentral\\n\n`,
  `1,${build},artifact,0,end\n`,
];

export const imageId = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/${name}`;
