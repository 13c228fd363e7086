import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewId } from '../random.ts';

/** Small secret files of one run: readable by this user alone, gone when the run is over, however it ends. */
export interface TempFiles {
  write(name: string, text: string): Promise<string>;
  path(name: string): string;
}

/** Runs the body and deletes every file it named, also when it throws or is cancelled. */
export async function withTempFiles<T>(
  folder: string,
  newId: NewId,
  body: (files: TempFiles) => Promise<T>,
): Promise<T> {
  const made: string[] = [];
  const path = (name: string) => {
    const file = join(folder, `phoenix-${newId()}-${name}`);
    made.push(file);
    return file;
  };
  const write = async (name: string, text: string) => {
    const file = path(name);
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return file;
  };
  try {
    return await body({ write, path });
  } finally {
    for (const file of made) await rm(file, { force: true });
  }
}
