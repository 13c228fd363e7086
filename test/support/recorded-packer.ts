import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One start of Packer, as the system shows it. */
export interface PackerStart {
  readonly pid: number;
  readonly command: string;
  readonly argv: string;
  readonly environment: string;
}

/** Where the Packer of this machine is; undefined, with a line, where there is none, and a failure with REQUIRE_REAL=1. */
export function realPacker(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v packer'], { encoding: 'utf8' }).trim();
  } catch (error) {
    if (process.env['REQUIRE_REAL'] === '1') throw error;
    console.log('      there is no packer on PATH: what needs it is left out');
    return undefined;
  }
}

/** Puts in front of Packer a program of its name that writes down how it was started, and then is Packer. */
export function recordedPacker(packer: string, folder: string): { path: string; starts: () => readonly PackerStart[] } {
  const records = join(folder, 'starts');
  mkdirSync(records, { recursive: true });
  const script = `#!/bin/sh
cat /proc/$$/cmdline > '${records}'/$$.argv
cat /proc/$$/environ > '${records}'/$$.environment
exec '${packer}' "$@"
`;
  writeFileSync(join(folder, 'packer'), script, { mode: 0o755 });
  const text = (name: string) => readFileSync(join(records, name), 'utf8');
  const start = (name: string): PackerStart => {
    const argv = text(name);
    const command = argv.split('\0').find((word, at) => at > 1 && !word.startsWith('-')) ?? '';
    return { pid: Number.parseInt(name, 10), command, argv, environment: text(name.replace('.argv', '.environment')) };
  };
  const names = () => readdirSync(records).filter((name) => name.endsWith('.argv'));
  return { path: `${folder}:${process.env['PATH']}`, starts: () => names().map(start) };
}
