import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formsOf } from './forms.ts';

/** Secrets by what they are: `client secret`, `key of the certificate`. */
export type Secrets = ReadonlyMap<string, string>;

/** Finds secrets, in every form, in a text or in bytes that need not be text; says which they are and never shows them. */
export function secretSearch(secrets: Secrets): (where: string | Buffer) => readonly string[] {
  const forms = [...secrets].map(([name, secret]) => [name, formsOf(secret).map(asBytes)] as const);
  return (where) => {
    const bytes = asBytes(where);
    return forms.filter(([, all]) => all.some((form) => bytes.includes(form))).map(([name]) => name);
  };
}

const asBytes = (where: string | Buffer) => Buffer.from(where as string).toString('latin1');

export interface FoundFile {
  readonly path: string;
  readonly content: Buffer;
}

/** Every file below a folder, whatever its name; what goes while we look is left out. */
export function filesBelow(folder: string): readonly FoundFile[] {
  return (unlessGone(() => readdirSync(folder)) ?? []).flatMap((name): readonly FoundFile[] => {
    const path = join(folder, name);
    const kind = lstatSync(path, { throwIfNoEntry: false });
    if (kind?.isDirectory()) return filesBelow(path);
    const content = kind?.isFile() ? unlessGone(() => readFileSync(path)) : undefined;
    return content === undefined ? [] : [{ path, content }];
  });
}

export function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
