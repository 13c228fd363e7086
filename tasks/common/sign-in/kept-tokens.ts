import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { Clock } from '../clock.ts';

/** A token that lives less than this is not used again. */
const renewBeforeMs = 5 * 60_000;

/**
 * Keeps each token until it is nearly over, and asks for one at a time: several clients of one run start together, and all
 * of them want the same.
 */
export function keepTokens(inner: TokenCredential, clock: Pick<Clock, 'now'>): TokenCredential {
  const kept = new Map<string, AccessToken>();
  let before: Promise<unknown> = Promise.resolve();
  const ask = async (scopes: string | string[], options: GetTokenOptions | undefined): Promise<AccessToken | null> => {
    const wanted = JSON.stringify([scopes, options?.claims]);
    const known = kept.get(wanted);
    if (known && known.expiresOnTimestamp - clock.now() > renewBeforeMs) return known;
    const token = await inner.getToken(scopes, options);
    if (token) kept.set(wanted, token);
    return token;
  };
  return {
    getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
      const token = before.then(() => ask(scopes, options));
      before = token.catch(() => {}); // whoever asked hears of it
      return token;
    },
  };
}
