import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What mocha's JSON reporter tells of a run; a hook that failed is among the failures under its own title. */
export interface MochaReport {
  readonly tests: readonly { readonly fullTitle: string }[];
  readonly passes: readonly { readonly fullTitle: string }[];
  readonly failures: readonly FailedTest[];
}

export interface FailedTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string; readonly stack?: string; readonly code?: string };
}

export interface MochaRun {
  readonly files: readonly string[];
  /** Only tests with just these titles. */
  readonly titles?: readonly string[];
  /** Names the tests without running any. */
  readonly dryRun?: boolean;
}

/** Runs mocha in a folder, without the project's own hooks; undefined when it could not even load, or never ended. */
export async function runMocha(
  folder: string,
  { files, titles, dryRun = false }: MochaRun,
): Promise<MochaReport | undefined> {
  const place = mkdtempSync(join(tmpdir(), 'phoenix-mocha-'));
  const output = join(place, 'report.json');
  const options = ['--no-config', '--no-package', '--exit', '--timeout', '60000'];
  const report = ['--reporter', 'json', '--reporter-option', `output=${output}`];
  const chosen = titles ? ['--grep', `^(?:${titles.map(literally).join('|')})$`] : [];
  const mocha = ['--import', 'tsx', join('node_modules', 'mocha', 'bin', 'mocha.js')];
  try {
    await ended(folder, [...mocha, ...options, ...report, ...chosen, ...(dryRun ? ['--dry-run'] : []), ...files]);
    return existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as MochaReport) : undefined;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const literally = (title: string) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A guard against endless loops may be the very one that is gone. */
const longestRunMs = 120_000;

function ended(folder: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: 'ignore',
      timeout: longestRunMs,
      killSignal: 'SIGKILL',
    });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
