import {
  createWorld,
  type Directory,
  type RunningAzure,
  registerDirectory,
  startAzure,
  virtualMachines,
} from './index.ts';

/** `npx tsx test/azure/main.ts`: the simulated Azure with virtual machines, until it is interrupted. */
const world = createWorld({
  clock: { now: () => Date.now() },
  settings: { retryAfterS: 1, replicationMs: 5_000 },
  machines: virtualMachines({ bootMs: 5_000, reimageMs: 8_000, stopMs: 2_000, removeMs: 2_000, captureMs: 3_000 }),
});
const directory = registerDirectory(world);
const azure = await startAzure({
  world,
  onRequest: ({ method, host, path, status, ms }) => console.error(`${status} ${method} ${host}${path} ${ms} ms`),
});
console.log(instructions(azure, directory));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void azure.close());

/** The secret is this process's own and dies with it. */
function instructions(
  { environment }: RunningAzure,
  { clientId, secret, tenantId, subscriptionId }: Directory,
): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`);
  return [
    '# The simulated Azure is running. In another shell:',
    ...exports,
    `az login --service-principal -u ${clientId} -p '${secret}' --tenant ${tenantId}`,
    `az group create -n web -l koreacentral   # subscription ${subscriptionId}`,
    'az group list -o table',
    '',
  ].join('\n');
}
