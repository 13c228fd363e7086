import type { Answer, Call } from '../../azure/core/http.ts';
import type { World } from '../../azure/index.ts';

/** What a run said to the simulated Azure, as far as it is about who it is. */
export interface TokenTally {
  /** Access tokens that Entra ID or the machine gave. */
  tokens: number;
  /** OIDC tokens of the pipeline service. */
  oidcTokens: number;
  /** Calls that Resource Manager refused for their token. */
  refused: number;
  /** Access tokens that had died before the last call to Resource Manager. */
  deadTokens: number;
  /** What must not be seen anywhere else, by what it is. */
  readonly secrets: Map<string, string>;
  /** All of every call that is no credential by its nature: address, headers, and to Resource Manager the body. */
  readonly openly: string[];
}

/** Listens to every call of a world; `lifeMs` is how long its access tokens live. */
export function tallyTokens(world: World, lifeMs: number): TokenTally {
  const tally: TokenTally = {
    tokens: 0,
    oidcTokens: 0,
    refused: 0,
    deadTokens: 0,
    secrets: new Map(),
    openly: [],
  };
  const births: number[] = [];
  world.observers.push((call, answer) => {
    const now = world.clock.now();
    const { authorization, ...headers } = call.headers;
    const isArm = call.url.hostname.startsWith('management.');
    tally.openly.push([call.method, call.url.href, JSON.stringify(headers), isArm ? call.body : ''].join('\n'));
    if (isArm) tally.deadTokens = births.filter((birth) => now >= birth + lifeMs).length;
    if (isArm && answer.status === 401) tally.refused += 1;
    if (note(tally, call, answer)) births.push(now);
  });
  return tally;
}

/** Keeps what was issued; true for an access token. */
function note(tally: TokenTally, call: Call, answer: Answer): boolean {
  const assertion = new URLSearchParams(call.body).get('client_assertion');
  if (assertion !== null) tally.secrets.set(`assertion ${tally.tokens + 1}`, assertion);
  const { access_token: token, oidcToken } = Object(answer.body) as { access_token?: string; oidcToken?: string };
  if (oidcToken !== undefined) tally.secrets.set(`OIDC token ${++tally.oidcTokens}`, oidcToken);
  if (token === undefined) return false;
  tally.secrets.set(`access token ${++tally.tokens}`, token);
  return true;
}
