import assert from 'node:assert/strict';
import { newCertificate } from '../../azure/index.ts';
import { agentNodes, nodeBinary } from '../../support/agent-nodes.ts';
import { whyNoMetadataMachine } from '../../support/metadata-machine.ts';
import { queue } from '../../support/queue.ts';
import { realPacker } from '../../support/recorded-packer.ts';
import { secretSearch } from '../../support/secrets/search.ts';
import { type BakeEvidence, bakeRun } from './bake-run.ts';
import { look } from './look.ts';
import { ways } from './ways.ts';

/** What Packer gets to sign in with, by its environment, in the commands that need it. Nothing else that is secret. */
const handedOn: Readonly<Record<keyof typeof ways, RegExp>> = {
  secret: /^(client secret|proxy password)$/,
  certificate: /^(handed on assertion \d|token of the broker \d|proxy password)$/,
  federation: /^((?:handed on assertion|OIDC token) \d|token of the broker \d|proxy password)$/,
  olderFederation: /^((?:handed on assertion|OIDC token) \d|token of the broker \d|proxy password)$/,
  systemIdentity: /^proxy password$/,
  userIdentity: /^proxy password$/,
};

const names = Object.keys(ways) as (keyof typeof ways)[];

describe('Secrets of the bundled BakeImage with the real Packer', function () {
  this.timeout(120_000);

  const runs = new Map<string, Promise<BakeEvidence>>();
  before(async function () {
    const packer = realPacker();
    const without = whyNoMetadataMachine();
    if (packer === undefined || process.platform !== 'linux') return this.skip();
    const certificate = await newCertificate();
    const turn = queue(4);
    for (const [at, name] of names.entries()) {
      const way = ways[name];
      const node = nodeBinary(agentNodes[at % 2] ?? 20);
      if (node === undefined || (without !== undefined && way.tokensFrom === 'the machine')) continue;
      const run = turn(() => bakeRun({ way, certificate, node }, packer));
      run.catch(() => {}); // its own test waits for it
      runs.set(name, run);
    }
  });

  for (const name of names)
    it(`of a connection by ${ways[name].name} reach Packer's environment where it signs in, and nothing else`, async function () {
      const run = await runs.get(name);
      if (!run) return this.skip();
      assert.match(run.end.issues.join(), /NoImage/, run.end.stdout);
      assert.deepEqual(run.starts.map(({ command }) => command).sort(), ['build', 'validate', 'version']);
      assert.ok(
        run.processes.seen.some(({ argv }) => argv.includes('sleep')),
        'the provisioner was not seen',
      );
      const { places } = look(run);
      const allowed = (place: string) => {
        const [secret = '', where] = place.split(/ in (?=an environment$|\S+\.pkrvars\.json$)/);
        return where === 'an environment'
          ? handedOn[name].test(secret)
          : where !== undefined && secret === 'variable of the author';
      };
      assert.deepEqual(
        places.filter((place) => !allowed(place)),
        [],
      );
      assert.deepEqual(
        run.left.filter((file) => !/^(task|work)\//.test(file)),
        ['temp/.taskkey'],
      );
    });

  it('are none of the business of packer version, and never of a command line', async function () {
    if (runs.size === 0) return this.skip();
    for (const [name, run] of runs) {
      const { starts, secrets } = await run;
      const find = secretSearch(secrets);
      for (const { command, argv, environment } of starts) {
        assert.deepEqual(find(argv), [], `${name}: packer ${command}`);
        if (command === 'version') assert.deepEqual(find(environment), [], name);
        else
          assert.ok(
            find(environment).length > 0 &&
              find(environment).every((one) => handedOn[name as keyof typeof ways].test(one)),
            `${name}: ${find(environment)}`,
          );
      }
    }
  });
});
