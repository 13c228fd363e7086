/**
 * One line of `packer -machine-readable`: `timestamp,target,type,data…`, with commas and line breaks of the data
 * escaped by Packer. That is why a provisioner's output can't forge an artifact: it arrives inside the data of a `ui`
 * line (seen with Packer 1.6.6; https://developer.hashicorp.com/packer/docs/commands#machine-readable-output).
 */
export type PackerEvent =
  | { readonly kind: 'said'; readonly level: 'say' | 'message' | 'error'; readonly text: string }
  | {
      readonly kind: 'artifact';
      readonly build: string;
      readonly index: number;
      readonly key: string;
      readonly value: string;
    }
  | { readonly kind: 'buildFailed'; readonly build: string; readonly text: string }
  | { readonly kind: 'version'; readonly version: string }
  /** Bookkeeping that nobody reads: counts, ends. */
  | { readonly kind: 'silent' }
  /** Not in the format at all: a crash, a shell's complaint. */
  | { readonly kind: 'raw'; readonly text: string };

/** Reads one line of Packer's standard output. */
export function parseLine(line: string): PackerEvent {
  const fields = /^\d+,([^,]*),([a-z-]+),?(.*)$/s.exec(line);
  if (!fields) return { kind: 'raw', text: line };
  const [, target = '', type = '', rest = ''] = fields;
  return eventOf(target, type, rest.split(',').map(plain));
}

function eventOf(build: string, type: string, data: readonly string[]): PackerEvent {
  const [first = '', second = ''] = data;
  switch (type) {
    case 'ui':
      return { kind: 'said', level: levelOf(first), text: second };
    case 'artifact':
      return { kind: 'artifact', build, index: Number(first), key: second, value: data.slice(2).join(',') };
    case 'error':
      return { kind: 'buildFailed', build, text: first };
    case 'version':
      return { kind: 'version', version: first };
    default:
      return { kind: 'silent' };
  }
}

const levelOf = (word: string) => (word === 'error' || word === 'message' ? word : 'say');

const plain = (data: string) =>
  data.replaceAll('%!(PACKER_COMMA)', ',').replaceAll('\\r', '\r').replaceAll('\\n', '\n');
