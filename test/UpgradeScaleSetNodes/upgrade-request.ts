import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';

/** An upgrade of set `shop`, one node at a time, as tests vary it. */
export const request = (target: string, changes: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  set: { resourceGroup: 'web', name: 'shop' },
  target,
  nodes: { kind: 'percent', percent: 100, text: '100%' },
  force: false,
  maxUnavailable: { kind: 'count', count: 1 },
  limits: { maxFailedNodes: 0, minReadyMs: 30_000, nodeHealthTimeoutMs: 600_000, progressDeadlineMs: 1_800_000 },
  health: { kind: 'azure' },
  onDrainTimeout: 'fail',
  protectedNodes: 'skip',
  autoscale: 'keep',
  upgradePolicy: 'requireManual',
  takeover: false,
  allowModelDrift: false,
  scaleOutImage: 'stable',
  checkpoints: [],
  bakeMs: 0,
  alertRules: [],
  onFailure: 'stop',
  plan: false,
  ...changes,
});

/** A number of nodes, or all, as an author types it. */
export const manyNodes = (many: number | 'all'): UpgradeRequest['nodes'] =>
  many === 'all' ? { kind: 'percent', percent: 100, text: '100%' } : { kind: 'count', count: many, text: String(many) };
