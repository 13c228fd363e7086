import type { Azure } from '../azure/connect.ts';
import type { ScaleSetRef } from '../azure/scale-set.ts';
import type { AskStatus } from '../network/ask-status.ts';
import type { Node } from '../rollout/node.ts';
import { httpJudge } from './http-judge.ts';
import { type Bench, scriptJudge } from './script-judge.ts';
import { type HealthSource, presumed } from './source.ts';

/** Says of the nodes of one look how healthy they are, by the source that the author chose. */
export interface Judge {
  judge(nodes: readonly Node[]): Promise<readonly Node[]>;
  /** Takes away what it has left on nodes; what it could not, the next run of the rollout does. */
  close(): Promise<void>;
}

/** What judging needs from outside. */
export interface Court {
  readonly azure: Azure;
  readonly set: ScaleSetRef;
  readonly askStatus: AskStatus;
  /** Absent while nothing may be written: then nobody's script runs. */
  readonly bench?: Bench;
}

const close = async () => {};

const presuming: Judge = { judge: async (nodes) => nodes.map(presumed), close };

/** The list of nodes has what the set reports; other sources say it anew. */
export function openJudge(source: HealthSource, court: Court): Judge {
  switch (source.kind) {
    case 'azure':
      return { judge: async (nodes) => nodes, close };
    case 'http':
      return httpJudge(source.url, court);
    case 'script':
      return court.bench ? scriptJudge(source.script, court.bench) : presuming;
    case 'none':
      return presuming;
  }
}
