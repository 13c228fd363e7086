import { createHash } from 'node:crypto';
import { type FoundFile, filesBelow } from './search.ts';

export interface FileWatch {
  /** Every file that was seen, once for each content that it had. */
  readonly seen: readonly FoundFile[];
  /** Looks for the last time. */
  stop(): void;
}

/** Looks again and again at what is in folders, so that files which do not stay are seen too. */
export function watchFiles(folders: readonly string[], everyMs: number): FileWatch {
  const seen = new Map<string, FoundFile>();
  const look = () => {
    for (const file of folders.flatMap(filesBelow))
      seen.set(`${file.path} ${createHash('sha1').update(file.content).digest('hex')}`, file);
  };
  const timer = setInterval(look, everyMs);
  return {
    get seen() {
      return [...seen.values()];
    },
    stop() {
      clearInterval(timer);
      look();
    },
  };
}
