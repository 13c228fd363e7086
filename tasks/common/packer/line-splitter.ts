import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut: one provisioner that prints a megabyte without a break must not hold the task's memory. */
export const longestLine = 16_384;

export interface LineSplitter {
  write(bytes: Buffer): void;
  /** The last line may have no break; half a UTF-8 sequence at the very end becomes U+FFFD. */
  end(): void;
}

/** Turns pieces of bytes into whole lines, whatever the pieces cut apart: UTF-8 sequences, CR LF, endless lines. */
export function lineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let open = '';
  let dropped = 0;

  const keep = (text: string) => {
    const room = Math.max(0, longestLine - open.length);
    open += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  };
  const finish = () => {
    const cut = dropped > 0 ? ` … (${dropped} more characters)` : '';
    const line = open.replace(/\r$/, '') + cut;
    open = '';
    dropped = 0;
    onLine(line);
  };
  const add = (text: string) => {
    const [first = '', ...rest] = text.split('\n');
    keep(first);
    for (const part of rest) {
      finish();
      keep(part);
    }
  };
  return {
    write: (bytes) => add(decoder.write(bytes)),
    end() {
      add(decoder.end());
      if (open !== '' || dropped > 0) finish();
    },
  };
}
