import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../build/project.ts';
import { concludePlan } from '../../tasks/common/execute/foresight/plan-task.ts';
import { concludeRollout } from '../../tasks/common/execute/rollout-task.ts';
import { foreseeUpgrade, upgradeNodes } from '../../tasks/UpgradeScaleSetNodes/upgrade-nodes.ts';
import type { UpgradeRequest } from '../../tasks/UpgradeScaleSetNodes/upgrade-request.ts';
import type { VirtualOptions } from '../azure/machines/virtual/options.ts';
import { instancesOf } from '../support/fleet-guard.ts';
import { listeningAgent } from '../support/listening-agent.ts';
import { drain, openShop, type Shop } from '../support/shop.ts';
import { assertStored } from '../support/stored-text.ts';
import { request } from './upgrade-request.ts';

const folder = join(projectFolder, 'test', 'UpgradeScaleSetNodes', 'summaries');

/** Machines of many kinds, as a seed draws them. */
const drawn: VirtualOptions = {
  reimageMs: (_machine, random) => 60_000 + 120_000 * random(),
  healthyAfterMs: (_machine, random) => 5_000 + 20_000 * random(),
};

const count = (number: number) => ({ kind: 'count', count: number, text: String(number) }) as const;

describe('the summary of an upgrade', () => {
  let shop: Shop;
  afterEach(() => shop.close());

  const open = (capacity: number, machines: VirtualOptions = {}) => {
    shop = openShop({
      set: { capacity, zones: ['1', '2', '3'] },
      drainMs: 20_000,
      machines: { ...drawn, ...machines },
    });
  };

  async function upgrade(target: string, changes: Partial<UpgradeRequest> = {}) {
    const tools = shop.tools();
    const result = await shop.play(upgradeNodes(request(target, { drain, ...changes }), tools));
    const { agent, said } = listeningAgent();
    const conclusion = await shop.play(concludeRollout('Upgrade', result, tools, agent));
    return { said, lines: tools.lines, observed: tools.observer.observed, result, conclusion };
  }

  it('of a canary that waits for an approval', async () => {
    open(6);
    const { said } = await upgrade(shop.v2, { nodes: count(2), maxUnavailable: { kind: 'percent', percent: 34 } });
    assertStored(join(folder, 'canary.md'), said.summary);
    const [, drawing = ''] = /(```text[^`]*```)/.exec(said.summary) ?? [];
    const page = readFileSync(join(projectFolder, 'docs', 'overview.md'), 'utf8');
    assert.ok(page.includes(drawing), `docs/overview.md shows another timeline than this one:\n${drawing}`);
  });

  it('of a canary whose model could not be put back says so, and no quiet success', async () => {
    open(4);
    shop.world.observers.push(({ url }) => {
      if (!url.pathname.endsWith('/manualupgrade')) return;
      shop.set.properties = { ...shop.set.properties, upgradePolicy: { mode: 'Rolling' } };
    });
    const { said, result, conclusion } = await upgrade(shop.v2, { nodes: count(1) });
    assert.deepEqual([result.ending.outcome, result.modelNames], ['completed', shop.v2]);
    assert.equal(conclusion.result, 'succeededWithIssues');
    assert.match(said.summary, /The model still names 2\.0\.0, and a node that scales out gets that/);
    assert.doesNotMatch(said.summary, /finds that the model names 1\.0\.0 already/);
  });

  it('of a rollout that halts between two checkpoints', async () => {
    open(12, {
      behaviour: ({ disk, id }) => (disk.content === '2.0.0' && id.endsWith('/7') ? 'breaks' : undefined),
    });
    const last = instancesOf(shop.world, shop.set).at(-1);
    if (last) last.protection = { protectFromScaleIn: false, protectFromScaleSetActions: true };
    const { said } = await upgrade(shop.v2, {
      maxUnavailable: { kind: 'percent', percent: 25 },
      checkpoints: [count(2), count(6)],
      bakeMs: 120_000,
    });
    assertStored(join(folder, 'halted.md'), said.summary);
  });

  it('of a plan, before anything happens', async () => {
    open(6);
    const { agent, said } = listeningAgent();
    const asked = request(shop.v2, { drain, maxUnavailable: count(2), checkpoints: [count(1)], bakeMs: 60_000 });
    concludePlan('shop', await shop.play(foreseeUpgrade(asked, shop.tools())), agent);
    assertStored(join(folder, 'plan.md'), said.summary);
  });

  it('of a rollout that was taken back', async () => {
    open(6);
    const { said } = await upgrade(shop.v3, { onFailure: 'rollback', maxUnavailable: count(2) });
    assertStored(join(folder, 'rolled-back.md'), said.summary);
  });
});
