import assert from 'node:assert/strict';
import { newCertificate } from '../../azure/index.ts';
import { agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import { whyNoMetadataMachine } from '../../support/metadata-machine.ts';
import { queue } from '../../support/queue.ts';
import { china, usGovernment } from './clouds.ts';
import { look } from './look.ts';
import { type Evidence, signInRun } from './run.ts';
import type { Wishes } from './stage.ts';
import { ways } from './ways.ts';

/** Between two looks at the fleet pass six seconds: whoever keeps a token is refused at the second. */
const shortLifeS = 5;

type Row = Omit<Wishes, 'certificate' | 'node'> & { readonly name: string; readonly nodes?: number };

const matrix: readonly Row[] = Object.values(ways).flatMap((way) => [
  { name: `${way.name}, shorter than a token lives`, way },
  { name: `${way.name}, longer than tokens live`, way, tokenLifeS: shortLifeS, nodes: 2 },
]);

const others: readonly Row[] = [
  { name: 'a certificate in the US Government cloud', way: ways.certificate, cloud: usGovernment },
  { name: 'federation in the US Government cloud', way: ways.federation, cloud: usGovernment },
  { name: 'a secret in the China cloud', way: ways.secret, cloud: china },
  { name: 'the identity of the system in the China cloud', way: ways.systemIdentity, cloud: china },
  { name: 'federation of a management group', way: ways.federation, connection: 'managementGroup' },
  { name: 'a secret of a connection without newer fields', way: ways.secret, connection: 'old' },
];

/** All of them wait most of the time, each for its own Azure; more at once would only slow each other down. */
const atOnce = 18;

describe('Sign-in of the bundled UpgradeScaleSetNodes, through the proxy with its password and a private CA', function () {
  this.timeout(240_000);

  const runs = new Map<string, Promise<Evidence>>();
  const sums = { runs: 0, renewals: 0, files: 0, snapshots: 0, lines: 0, found: [] as string[] };
  let withoutMachine: string | undefined;

  before(async () => {
    withoutMachine = whyNoMetadataMachine();
    if (withoutMachine && process.env['REQUIRE_REAL'] === '1') throw new Error(`REQUIRE_REAL=1, but ${withoutMachine}`);
    if (withoutMachine) console.log(`      managed identity is left out: ${withoutMachine}`);
    const certificate = await newCertificate();
    const turn = queue(atOnce);
    for (const { title, node, ...row } of cells(withoutMachine === undefined)) {
      const run = turn(() => signInRun({ ...row, certificate, node }));
      run.catch(() => {}); // its own test waits for it
      runs.set(title, run);
    }
  });

  for (const major of agentNodes)
    for (const { name, tokenLifeS, way, cloud } of [...matrix, ...others])
      it(`${name}, on Node ${major}`, async function () {
        const run = await runs.get(`${name} ${major}`);
        if (!run) return this.skip();
        sums.runs += 1;
        const { end, tally, hosts } = run;
        const output = `${end.stdout}\n${end.stderr}`;
        assert.equal(end.result, 'Succeeded', output);
        assert.equal(tally.refused, 0, 'Resource Manager refused a token');
        if (tokenLifeS === undefined) assert.equal(tally.tokens, 1);
        else assert.ok(tally.tokens >= 3 && tally.deadTokens >= 2, JSON.stringify([tally.tokens, tally.deadTokens]));
        // One more when the run ends while a token is being renewed.
        const perToken = way.name.startsWith('federation') ? [0, 1] : [-tally.tokens];
        assert.ok(perToken.includes(tally.oidcTokens - tally.tokens), `${tally.oidcTokens} OIDC tokens`);
        assert.deepEqual(hosts, hostsOf({ way, ...(cloud && { cloud }) }));
        const found = look(run);
        sums.renewals += tally.tokens - 1;
        for (const kind of ['files', 'snapshots', 'lines'] as const) sums[kind] += found[kind];
        sums.found.push(...found.places);
        assert.deepEqual(found.places, []);
        const kept = run.left
          .filter((file) => !file.startsWith('task/'))
          .map((file) => file.replace(/-[0-9a-f-]{36}/, ''));
        assert.deepEqual(kept, ['temp/.taskkey', 'temp/phoenix-summary/Upgrade shop.md']);
      });

  after(() => {
    const { runs, renewals, found, files, snapshots, lines } = sums;
    console.log(
      `\n  sign-in: ${runs} runs, ${renewals} renewals, ${found.length} secrets found in ${files} files, ${snapshots} process snapshots, ${lines} lines`,
    );
  });
});

function cells(withMachine: boolean) {
  const rows = [...matrix, ...others].filter(({ way }) => withMachine || way.tokensFrom !== 'the machine');
  return agentNodes.flatMap((major) => {
    const node = nodeBinary(major);
    return node === undefined ? [] : rows.map((row) => ({ ...row, node, title: `${row.name} ${major}` }));
  });
}

/** The metadata service is asked without the proxy, and nobody else is asked at all. */
function hostsOf({ way, cloud }: Pick<Wishes, 'way' | 'cloud'>): ReadonlySet<string> {
  const host = (url: string | undefined, usual: string) => (url === undefined ? usual : new URL(url).host);
  const entra = [host(cloud?.authority, 'login.microsoftonline.com')];
  return new Set([
    host(cloud?.resourceManager, 'management.azure.com'),
    ...(way.tokensFrom === 'Entra ID' ? entra : []),
    ...(way.name.startsWith('federation') ? ['dev.azure.com'] : []),
  ]);
}
