import { StringDecoder } from 'node:string_decoder';
import { harmlessRaw, logLimits } from './harmless.ts';

/** Takes the bytes of a foreign program as they come, and hands out whole harmless lines. */
export interface HarmlessStream {
  write(chunk: Uint8Array): void;
  /** Hands out what is left without a line end. */
  end(): void;
}

/**
 * Chunks end anywhere: in the middle of a character, of a line, of a command. A line is handed out when it is whole; of
 * a line without end only the first `maxLineLength` characters (and what may still turn out to be a carriage return's
 * rest) are kept, so that memory stays bounded whatever the program prints.
 */
export function harmlessStream(print: (line: string) => void, maxLineLength = logLimits.maxLineLength): HarmlessStream {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  let dropped = 0;

  const take = (text: string) => {
    const room = Math.max(0, 4 * maxLineLength - kept.length);
    kept += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  };
  const flush = () => {
    print(harmlessRaw(kept.replace(/\r+$/, ''), maxLineLength, dropped));
    kept = '';
    dropped = 0;
  };
  const read = (text: string) => {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index > 0) flush();
      take(part);
      if (dropped > 0) restartAtCarriageReturn(part);
    }
  };
  /** An endless progress bar: only its latest state is worth the memory. */
  const restartAtCarriageReturn = (part: string) => {
    const at = part.lastIndexOf('\r', part.length - 2);
    if (at < 0) return;
    kept = '';
    dropped = 0;
    take(part.slice(at + 1));
  };

  return {
    write: (chunk) => read(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))),
    end() {
      read(decoder.end());
      if (kept !== '' || dropped > 0) flush();
    },
  };
}
