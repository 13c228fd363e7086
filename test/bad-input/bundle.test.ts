import assert from 'node:assert/strict';
import { addGalleryVersion, addScaleSet, testSubscription } from '../azure/compute/builders.ts';
import {
  createWorld,
  type RunningAzure,
  registerPrincipal,
  registerSubscription,
  registerTenant,
  startAzure,
  virtualMachines,
  type World,
} from '../azure/index.ts';
import { asEndpoint, asInputs, asVariables } from '../support/agent-environment.ts';
import { runTask } from '../support/run-task.ts';
import { worldHash } from '../support/world-hash.ts';
import type { TaskName } from './support/case.ts';
import { clientId, connectionId, secrets, tenantId } from './support/stage.ts';

interface Sample {
  readonly task: TaskName;
  readonly bad: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly prepare?: (world: World) => void;
  readonly code: string;
  readonly says: RegExp;
}

const setPath = 'GET /virtualMachineScaleSets/shop';
const reply =
  (body: unknown, status = 200) =>
  (world: World) =>
    world.faults.add({ on: setPath, times: 99, effect: 'none', reply: { status, body } });

/** What of the agent's contract the table can't show in this process: the staged bundle, its sockets, its last words. */
const samples: readonly Sample[] = [
  { task: 'BakeImage', bad: 'nothing', inputs: {}, code: 'InputMissing', says: /Input "azureSubscription" is empty/ },
  { task: 'PublishGalleryVersion', bad: 'nothing', inputs: {}, code: 'InputMissing', says: /is empty/ },
  { task: 'RollbackScaleSet', bad: 'nothing', inputs: {}, code: 'InputMissing', says: /is empty/ },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'an output that nobody set',
    inputs: { imageVersionId: '$(publish.imageVersionId)' },
    code: 'VariableNotSet',
    says: /Input "imageVersionId" is "\$\(publish\.imageVersionId\)"/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a wrong secret',
    secret: 'wr0ng~secret',
    code: 'SecretWrong',
    says: /AADSTS7000215/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'ten megabytes of a page',
    prepare: reply('<html>'.repeat(1_750_000)),
    code: 'AnswerTooLarge',
    says: /the answer of management\.azure\.com is longer than 8 MB/,
  },
  {
    task: 'RollbackScaleSet',
    bad: 'ten megabytes of JSON',
    prepare: reply({ id: 'x'.repeat(10_500_000) }),
    code: 'AnswerTooLarge',
    says: /longer than 8 MB/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a page of a filter',
    prepare: reply('<html><title>Blocked</title></html>', 403),
    code: 'AnswerNotJson',
    says: /management\.azure\.com answered 403 with an HTML page "Blocked"/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a certificate that it does not know',
    variables: { 'Agent.CAInfo': '' },
    code: 'CertificateNotTrusted',
    says: /login\.microsoftonline\.com: .*certificate/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a proxy that wants another sign-in',
    variables: { 'Agent.ProxyUsername': 'nobody' },
    code: 'ProxyRefused',
    says: /wants a sign-in other than that of nobody \(407\)/,
  },
  {
    task: 'UpgradeScaleSetNodes',
    bad: 'a set that is not there',
    inputs: { vmssName: 'shopp' },
    code: 'ScaleSetNotFound',
    says: /Input "vmssName" is "shopp", but there is no such scale set/,
  },
];

describe('bad input, said by the staged tasks over sockets', function () {
  this.timeout(60_000);
  for (const sample of samples)
    it(`${sample.task} with ${sample.bad} ends by ${sample.code}`, async () => {
      const world = company();
      sample.prepare?.(world);
      const azure = await startAzure({ world, proxyCredentials: { username: 'agent', password: secrets.proxy } });
      try {
        const before = worldHash(world);
        const end = await runTask({ task: sample.task, env: environment(sample, azure) });
        const printed = end.stdout.replaceAll(/^##vso\[task\.(setsecret\]|debug\]Agent\.ProxyPassword=).*$/gm, '');
        const issues = end.commands.filter(({ event }) => event === 'logissue');
        assert.deepEqual(
          issues.map((issue) => [issue.property('type'), issue.property('code')]),
          [['error', sample.code]],
          end.stdout + end.stderr,
        );
        assert.match(end.issues.join(), sample.says);
        assert.match(end.stdout, /^What to do: .{20}/m);
        assert.deepEqual([end.exitCode, end.result], [0, 'Failed']);
        assert.equal(worldHash(world), before);
        for (const secret of Object.values(secrets)) assert.ok(!printed.includes(secret), 'a secret was printed');
      } finally {
        await azure.close();
      }
    });
});

function company(): World {
  const world = createWorld({ clock: { now: () => Date.now() }, machines: virtualMachines() });
  registerTenant(world, { id: tenantId, name: 'contoso' });
  registerSubscription(world, { id: testSubscription, name: 'shop', tenantId });
  registerPrincipal(world, { tenantId, clientId, secret: secrets.client });
  const v1 = addGalleryVersion(world, { version: '1.0.0' });
  addGalleryVersion(world, { version: '2.0.0' });
  addScaleSet(world, { name: 'shop', image: v1.id, capacity: 2 });
  return world;
}

const image = `/subscriptions/${testSubscription}/resourceGroups/images/providers/Microsoft.Compute/galleries/gallery/images/web/versions/2.0.0`;

/** Inputs with which a rollout would succeed, unless the sample gives none at all. */
function inputsOf({ task, inputs = { vmssName: 'shop' } }: Sample): Readonly<Record<string, string>> {
  if (Object.keys(inputs).length === 0) return {};
  const target = task === 'RollbackScaleSet' ? { to: image } : { imageVersionId: image };
  const set = { azureSubscription: connectionId, resourceGroupName: 'web', vmssName: 'shop' };
  return { ...set, ...target, ...inputs };
}

const environment = (sample: Sample, azure: RunningAzure) => ({
  ...asInputs(inputsOf(sample)),
  ...asEndpoint({
    id: connectionId,
    url: 'https://management.azure.com/',
    scheme: 'ServicePrincipal',
    parameters: {
      tenantid: tenantId,
      serviceprincipalid: clientId,
      serviceprincipalkey: sample.secret ?? secrets.client,
    },
    data: { environment: 'AzureCloud', subscriptionId: testSubscription, subscriptionName: 'shop' },
  }),
  SECRET_AGENT_PROXYPASSWORD: secrets.proxy,
  VSTS_SECRET_VARIABLES: JSON.stringify(['agent.proxypassword']),
  ...asVariables({
    'System.CollectionUri': 'https://dev.azure.com/contoso/',
    'System.TeamProjectId': '44444444-4444-4444-8444-444444444444',
    'Build.BuildId': '7',
    'Agent.ProxyUrl': azure.proxyUrl,
    'Agent.ProxyUsername': 'agent',
    'Agent.CAInfo': azure.caFile,
    ...sample.variables,
  }),
});
