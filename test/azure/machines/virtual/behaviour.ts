import type { MachineSpec } from '../machines.ts';

/**
 * How a machine behaves: what an option says of this node, or a word of the content of its image's disk.
 *
 * - `breaks`: its operating system does not come up. `stuck`: nor does it say so; the operation waits to its timeout.
 * - `never-healthy`: it runs, its application never does.
 * - `slow`, `slow:3`: everything takes five, or three times as long.
 * - `flapping`, `flapping:60:30`: 20 s well and 10 s sick in turn, or these seconds.
 * - `breaks-after:600`: its application fails for good so many seconds after it became well.
 */
export type Behaviour =
  | 'works'
  | 'breaks'
  | 'stuck'
  | 'never-healthy'
  | 'slow'
  | 'flapping'
  | `slow:${number}`
  | `flapping:${number}:${number}`
  | `breaks-after:${number}`;

/** A behaviour with its numbers. */
export type Conduct =
  | { readonly kind: 'works' | 'breaks' | 'stuck' | 'never-healthy' }
  | { readonly kind: 'slow'; readonly factor: number }
  | { readonly kind: 'flapping'; readonly wellMs: number; readonly sickMs: number }
  | { readonly kind: 'breaks-after'; readonly afterMs: number };

/** The option's word about this node, else the first word of its content that names a behaviour. */
export function conductOf(machine: MachineSpec, told: Behaviour | undefined): Conduct {
  if (told !== undefined) return conductNamed(told) ?? refuse(told);
  for (const word of machine.disk.content.split(' ')) {
    const conduct = conductNamed(word);
    if (conduct) return conduct;
  }
  return { kind: 'works' };
}

function conductNamed(word: string): Conduct | undefined {
  const [kind, ...numbers] = word.split(':');
  const [first, second] = numbers.map(Number);
  switch (kind) {
    case 'works':
    case 'breaks':
    case 'stuck':
    case 'never-healthy':
      return { kind };
    case 'slow':
      return { kind, factor: first ?? 5 };
    case 'flapping':
      return { kind, wellMs: (first ?? 20) * 1000, sickMs: (second ?? 10) * 1000 };
    case 'breaks-after':
      return first === undefined ? refuse(word) : { kind, afterMs: first * 1000 };
    default:
      return undefined;
  }
}

function refuse(word: string): never {
  throw new Error(`"${word}" is no behaviour of a virtual machine`);
}
