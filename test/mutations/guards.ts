import { agentGuards } from './guards/agent.ts';
import { badInputGuards } from './guards/bad-input.ts';
import { driftGuards } from './guards/drift.ts';
import { endingGuards } from './guards/endings.ts';
import { forceGuards } from './guards/force.ts';
import { healthGuards } from './guards/health.ts';
import { lookBackGuards } from './guards/look-back.ts';
import { networkGuards } from './guards/network.ts';
import { packerGuards } from './guards/packer.ts';
import { pauseGuards } from './guards/pauses.ts';
import { postJobGuards } from './guards/post-job.ts';
import { preflightGuards } from './guards/preflight.ts';
import { protectionGuards } from './guards/protection.ts';
import { publishGuards } from './guards/publish.ts';
import { recordGuards } from './guards/record.ts';
import { reportGuards } from './guards/report.ts';
import { rolloutGuards } from './guards/rollout.ts';
import { signInGuards } from './guards/sign-in.ts';
import { type Mutation, mutationsIn } from './mutation.ts';

/** Every guard that must not go unnoticed. */
export const mutations: readonly Mutation[] = mutationsIn([
  ...agentGuards,
  ...signInGuards,
  ...networkGuards,
  ...pauseGuards,
  ...protectionGuards,
  ...preflightGuards,
  ...recordGuards,
  ...rolloutGuards,
  ...driftGuards,
  ...endingGuards,
  ...postJobGuards,
  ...lookBackGuards,
  ...forceGuards,
  ...reportGuards,
  ...healthGuards,
  ...publishGuards,
  ...packerGuards,
  ...badInputGuards,
]);
