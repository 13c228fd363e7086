import type { Rehearsal } from './rehearsal.ts';

/** Leaves everything running until Ctrl-C, and says how the Azure CLI gets there. */
export async function keepRunning(rehearsal: Rehearsal, say: (line: string) => void, end: AbortSignal): Promise<void> {
  const { clientId, secret, tenantId } = rehearsal.directory;
  const lines = Object.entries(rehearsal.azure.environment).map(([name, value]) => `export ${name}='${value}'`);
  say("\nEverything is still running. In another terminal (the secret is this demo's own and dies with it):\n");
  for (const line of lines) say(line);
  say(`az login --service-principal -u ${clientId} -p '${secret}' --tenant ${tenantId}`);
  say("az cloud set -n AzureCloud --profile 2020-09-01-hybrid   # for Debian's az 2.45");
  say('az group list -o table');
  say('az vmss list-instances -g shop -n shop-nodes -o table');
  say("az vmss get-instance-view -g shop -n shop-nodes --instance-id '*'");
  say('\nCtrl-C ends it.');
  await untilAborted(end);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
