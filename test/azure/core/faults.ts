import type { Answer, Call } from './http.ts';

/** A fault is data: which calls it hits, how often, and what the caller gets. */
export interface Fault {
  /** `POST …/manualupgrade`: method, then an ending of the path, or with `…` behind it a part; without regard to case. */
  readonly on: string;
  readonly times: number;
  /** The answer in place of the true one; undefined when only the answer gets lost. */
  readonly reply?: Answer;
  /** Does the call take effect all the same? */
  readonly effect: 'applied' | 'none';
}

export interface Faults {
  /** The fault that hits this call, counted off. */
  next(call: Call): Fault | undefined;
  add(fault: Fault): void;
  /** How many hits are planned that have not come: a test whose fault hits nothing proves nothing. */
  pending(): number;
}

export function noFaults(): Faults {
  return plannedFaults([]);
}

function plannedFaults(planned: readonly Fault[]): Faults {
  const left = planned.map((fault) => ({ fault, times: fault.times }));
  return {
    add: (fault) => left.push({ fault, times: fault.times }),
    pending: () => left.reduce((sum, { times }) => sum + times, 0),
    next(call) {
      const entry = left.find(({ fault, times }) => times > 0 && hits(fault, call));
      if (entry) entry.times -= 1;
      return entry?.fault;
    },
  };
}

/** Is it such a call? */
export function hits({ on }: Pick<Fault, 'on'>, call: Call): boolean {
  const [method, pattern = ''] = on.toLowerCase().split(' ');
  const part = pattern.replaceAll('…', '');
  const path = call.url.pathname.toLowerCase();
  return method === call.method.toLowerCase() && (pattern.endsWith('…') ? path.includes(part) : path.endsWith(part));
}
