/**
 * Takes a node out of service before it leaves, and puts it back when it stays. The state lives in Azure, not in this
 * process, so that a new run finds what an old one left. Starting twice is harmless.
 */
export interface Drain {
  start(nodeId: string): Promise<void>;
  status(nodeId: string): Promise<DrainStatus>;
  /** The node stays: it must serve again. `done` waits until its script has ended. */
  cancel(nodeId: string, until?: 'accepted' | 'done'): Promise<void>;
}

export type DrainStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'drained'; readonly note: string }
  | { readonly kind: 'failed'; readonly note: string };
