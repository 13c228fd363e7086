import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A file of this repository: its path from the top, with `/`, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

const skipped = /^(node_modules|dist|\.git|\.cache|\.demo)$/;

/** Every TypeScript and JavaScript file of the project. */
export function projectSources(folder: string, below = ''): readonly Source[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry): readonly Source[] => {
    const path = posix.join(below, entry.name);
    if (entry.isDirectory()) return skipped.test(entry.name) ? [] : projectSources(folder, path);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [{ path, text: readFileSync(join(folder, path), 'utf8') }] : [];
  });
}

export interface Import {
  /** A path from the top of the repository for a file of ours, else the name as written. */
  readonly target: string;
  /** `import type` is gone when the code runs. */
  readonly typeOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const call = /\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports, by its import lines alone. */
export function importsOf({ path, text }: Source): readonly Import[] {
  const resolve = (name: string) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name);
  return [
    ...[...text.matchAll(statement)].map(([, type, name = '']) => ({
      target: resolve(name),
      typeOnly: type !== undefined,
    })),
    ...[...text.matchAll(call)].map(([, name = '']) => ({ target: resolve(name), typeOnly: false })),
  ];
}

/** The text without its comments; strings stay. Line numbers stay too. */
export function withoutComments(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/.*$/gm,
    (whole, before = '') => `${before}${whole.replace(/[^\n]/g, '')}`,
  );
}
