import { testSubscription } from '../../azure/compute/builders.ts';
import {
  createWorld,
  type NewCertificate,
  type RunningAzure,
  registerSubscription,
  registerTenant,
  startAzure,
  virtualMachines,
  type World,
} from '../../azure/index.ts';
import type { VirtualOptions } from '../../azure/machines/virtual/options.ts';
import { openMetadataMachine } from '../../support/metadata-machine.ts';
import { publicCloud } from './clouds.ts';
import { type ConnectionKind, proxy } from './step.ts';
import { type TokenTally, tallyTokens } from './tokens.ts';
import { type Account, tenantId, type Way } from './ways.ts';

export interface StageWishes extends ConnectionKind {
  readonly way: Way;
  /** Where the way needs one. */
  readonly certificate?: NewCertificate;
  /** How long access tokens live, and OIDC tokens with them; as in Azure when left out. */
  readonly tokenLifeS?: number;
  readonly machines?: VirtualOptions;
}

export interface Wishes extends StageWishes {
  readonly node: string;
}

/** A simulated Azure that knows the account, behind the agent's proxy. */
export interface Stage {
  readonly world: World;
  readonly azure: RunningAzure;
  readonly account: Account;
  readonly tally: TokenTally;
  /** In front of the task's command: into the network of a machine on Azure, for an identity of such a one. */
  readonly entry: readonly string[];
}

const quick = { reimageMs: 700, bootMs: 700, healthyAfterMs: 300 };
const settings = { retryAfterS: 1, setWriteMs: 200, instanceWriteMs: 200 };

export async function onStage<T>(wishes: StageWishes, body: (stage: Stage) => Promise<T>): Promise<T> {
  const { way, cloud = publicCloud, certificate, tokenLifeS = 3_600 } = wishes;
  const world = createWorld({
    clock: { now: () => Date.now() },
    settings,
    machines: virtualMachines({ ...quick, ...wishes.machines }),
  });
  registerTenant(world, { id: tenantId, name: 'contoso', cloud: cloud.environment });
  registerSubscription(world, { id: testSubscription, name: 'shop', tenantId });
  const account = way.register(world, certificate ?? { certificate: '', key: '' });
  Object.assign(world.signIn, lives(tokenLifeS));
  const tally = tallyTokens(world, tokenLifeS * 1_000);
  const azure = await startAzure({ world, proxyCredentials: proxy });
  const machine = way.tokensFrom === 'the machine' ? await openMetadataMachine(world, azure.proxyUrl) : undefined;
  try {
    return await body({ world, azure, account, tally, entry: machine?.entry ?? [] });
  } finally {
    await azure.close();
    await machine?.close();
  }
}

const lives = (seconds: number) =>
  seconds < 3_600 ? { accessTokenLifeS: seconds, identityTokenLifeS: seconds, oidcTokenLifeS: seconds } : {};
