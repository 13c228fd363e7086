import assert from 'node:assert/strict';
import { type Findings, type Part, report } from '../../examples/demo/report.ts';
import type { Tally } from '../../examples/demo/traffic/tally.ts';
import { soakVerdict, verdict } from '../../examples/demo/verdict.ts';

const tally = (answered: Record<string, number>, failed = 0, reset = 0): Tally => ({
  answered: new Map(Object.entries(answered)),
  failed,
  reset,
  delays: [4, 5, 6, 90],
  problems: [],
  startedAt: 0,
  endedAt: 10_000,
});

const parts = {
  before: tally({ '1.0.0': 250 }),
  'baking 2.0.0': tally({ '1.0.0': 400 }),
  'rollout of 2.0.0': tally({ '1.0.0': 300, '2.0.0': 200 }),
  'baking 3.0.0': tally({ '2.0.0': 400 }),
  'rollout of 3.0.0': tally({ '2.0.0': 500 }),
};

const asPlanned = { waves: 'shop-nodes_1; shop-nodes_2; shop-nodes_3', 'Nodes to replace': '3 of 4', Waves: '3' };
const notAsPlanned = `stage Rest of 2.0.0 did what its dry run said: nodes to replace 3 of 4; waves 3; in the order ${asPlanned.waves}`;

const good: Findings = {
  stages: [
    { version: '2.0.0', name: 'Canary', result: 'succeeded', rolledBack: false, seconds: 41.2 },
    { version: '2.0.0', name: 'Rest', result: 'succeeded', rolledBack: false, seconds: 95 },
    { version: '3.0.0', name: 'Canary', result: 'failed', rolledBack: true, seconds: 70 },
  ],
  traffic: Object.entries(parts).map(([part, tally]) => ({ part: part as Part, tally })),
  nodes: [0, 1, 2, 3].map((n) => ({ name: `shop-nodes_${n}`, version: '2.0.0', health: 'healthy' })),
  nodesOnBrokenVersion: ['shop-nodes_3'],
  dryRuns: [{ planned: asPlanned, seen: { ...asPlanned } }],
};

const withTraffic = (part: Part, tally: Tally): Findings => ({
  ...good,
  traffic: good.traffic.map((entry) => (entry.part === part ? { part, tally } : entry)),
});

const broken = (findings: Findings, drained = true) =>
  verdict(findings, drained)
    .filter(({ holds }) => !holds)
    .map(({ sentence }) => sentence);

describe("the demo's report", () => {
  it('shows stages with times, nodes with versions and requests by version', () => {
    assert.equal(
      report(good),
      `Stages
  2.0.0  Canary  0:41  succeeded
  2.0.0  Rest    1:35  succeeded
  3.0.0  Canary  1:10  failed, rolled back

Nodes at the end
  shop-nodes_0  2.0.0  healthy
  shop-nodes_1  2.0.0  healthy
  shop-nodes_2  2.0.0  healthy
  shop-nodes_3  2.0.0  healthy

Requests
                    sent  1.0.0  2.0.0  failed  reset   p50    p99
  before             250    250      0       0      0  5 ms  90 ms
  baking 2.0.0       400    400      0       0      0  5 ms  90 ms
  rollout of 2.0.0   500    300    200       0      0  5 ms  90 ms
  baking 3.0.0       400      0    400       0      0  5 ms  90 ms
  rollout of 3.0.0   500      0    500       0      0  5 ms  90 ms`,
    );
  });
});

describe("the demo's verdict", () => {
  const cases: readonly { readonly name: string; readonly findings: Findings; readonly says: readonly string[] }[] = [
    { name: 'has nothing to say against a good run', findings: good, says: [] },
    {
      name: 'notices one request that was reset while the broken version rolled out',
      findings: withTraffic('rollout of 3.0.0', tally({ '2.0.0': 500 }, 0, 1)),
      says: ['no request failed or was reset: rollout of 3.0.0'],
    },
    {
      name: 'notices one failed request',
      findings: withTraffic('rollout of 2.0.0', tally({ '2.0.0': 500 }, 1)),
      says: ['no request failed or was reset: rollout of 2.0.0'],
    },
    {
      name: 'notices that too little was sent to prove anything',
      findings: withTraffic('rollout of 2.0.0', tally({ '2.0.0': 150 })),
      says: ['at least 300 requests: rollout of 2.0.0', 'at least 20 requests a second during the rollouts'],
    },
    {
      name: 'notices a broken version on two nodes',
      findings: { ...good, nodesOnBrokenVersion: ['shop-nodes_2', 'shop-nodes_3'] },
      says: ['the broken version reached one node and no more'],
    },
    {
      name: 'notices a broken version that reached nobody: then nothing was tried',
      findings: { ...good, nodesOnBrokenVersion: [] },
      says: ['the broken version reached one node and no more'],
    },
    {
      name: 'notices a node that stayed behind',
      findings: { ...good, nodes: good.nodes.with(2, { name: 'shop-nodes_2', version: '1.0.0', health: 'healthy' }) },
      says: ['at the end all four nodes are healthy on 2.0.0'],
    },
    {
      name: 'notices a dry run that said something else than happened',
      findings: { ...good, dryRuns: [{ planned: asPlanned, seen: { ...asPlanned, Waves: '2' } }] },
      says: [notAsPlanned],
    },
    {
      name: 'notices that nothing was played dry',
      findings: { ...good, dryRuns: [] },
      says: ['stage Rest of 2.0.0 was played dry before its approval'],
    },
    {
      name: 'notices a dry run that planned nothing',
      findings: { ...good, dryRuns: [{ planned: { waves: '' }, seen: { waves: '' } }] },
      says: ['stage Rest of 2.0.0 did what its dry run said: ; in the order '],
    },
    {
      name: 'notices a missing node',
      findings: { ...good, nodes: good.nodes.slice(1) },
      says: ['at the end all four nodes are healthy on 2.0.0'],
    },
    {
      name: 'notices a broken version whose canary passed',
      findings: {
        ...good,
        stages: good.stages.with(2, {
          version: '3.0.0',
          name: 'Canary',
          result: 'succeeded',
          rolledBack: false,
          seconds: 1,
        }),
      },
      says: ['stage Canary of 3.0.0 failed', 'its on: failure brought the node back'],
    },
  ];
  for (const { name, findings, says } of cases) it(name, () => assert.deepEqual(broken(findings), says));

  it('wants broken requests of the control run, and says so when there are none', () => {
    assert.deepEqual(broken(good, false), ['without draining requests broke, so the measure works']);
    assert.deepEqual(broken(withTraffic('rollout of 2.0.0', tally({ '2.0.0': 500 }, 0, 3)), false), []);
  });
});

describe("the soak's verdict", () => {
  const soak: Findings = {
    ...good,
    traffic: [
      ...good.traffic,
      { part: 'between releases', tally: tally({ '3.0.0': 90 }) },
      { part: 'rollout of 4.0.0', tally: tally({ '3.0.0': 2_000, '4.0.0': 2_000 }) },
    ],
    nodes: good.nodes.map((node) => ({ ...node, version: '4.0.0' })),
  };
  const said = (findings: Findings, enough = 5_000) =>
    soakVerdict(findings, enough)
      .filter(({ holds }) => !holds)
      .map(({ sentence }) => sentence);
  const lastPart = (tally: Tally): Findings => ({
    ...soak,
    traffic: [...soak.traffic.slice(0, -1), { part: 'rollout of 4.0.0', tally }],
  });

  it('counts what was asked while nodes were replaced, and nothing else', () => {
    assert.deepEqual(said(soak), []);
    assert.deepEqual(said(soak, 5_001), ['at least 5001 requests during 3 rollouts: 5000']);
  });

  it('notices one request that was reset in any of the rollouts', () =>
    assert.deepEqual(said(lastPart(tally({ '4.0.0': 4_000 }, 0, 1))), [
      'no request failed or was reset: rollout of 4.0.0',
    ]));

  it('notices a node that stayed behind', () =>
    assert.deepEqual(said({ ...soak, nodes: good.nodes }), ['at the end all four nodes are healthy on 4.0.0']));
});
