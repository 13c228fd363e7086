import type { Agent } from '../common/agent/agent.ts';
import type { Azure } from '../common/azure/connect.ts';
import type { Clock } from '../common/clock.ts';
import type { Machine } from '../common/packer/find-packer.ts';
import type { NewId } from '../common/random.ts';

/** All that a bake needs beside its request. */
export interface Surroundings {
  readonly agent: Pick<Agent, 'log' | 'network' | 'cancelled' | 'tempFolder' | 'mask' | 'progress'>;
  /** To look before Packer starts; Packer signs in by itself. */
  readonly azure: Azure;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly newId: NewId;
  /** A fresh OIDC token of the pipeline or assertion of the certificate; asked only when the connection has no secret. */
  readonly freshAssertion: () => Promise<string>;
}
