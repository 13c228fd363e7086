import type { World } from '../core/world.ts';
import { expiredAssertion, reusedAssertion } from './errors.ts';
import { type Claims, secondsOf } from './jwt.ts';

/** What a token is asked for, and of which sign-in host. */
export interface Asked {
  readonly audience: string;
  readonly host: string;
}

export function checkTimes(world: World, { nbf, exp }: Pick<Claims, 'nbf' | 'exp'>): void {
  const now = secondsOf(world.clock.now());
  const text = (seconds: number) => new Date(seconds * 1000).toISOString();
  if (now < nbf || now >= exp) throw expiredAssertion(text(now), text(nbf), text(exp));
}

/** Once for each audience: Packer signs in to Resource Manager and to Key Vault with the one assertion it has got. */
export function checkFirstUse(world: World, use: string): void {
  if (world.signIn.oidcTokenReuse === 'refused' && world.signIn.usedAssertions.has(use)) throw reusedAssertion();
  world.signIn.usedAssertions.add(use);
}
