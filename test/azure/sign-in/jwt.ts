import { createHmac, timingSafeEqual } from 'node:crypto';
import type { World } from '../core/world.ts';

export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly nbf: number;
  readonly exp: number;
  readonly [other: string]: unknown;
}

/** Signs claims. HS256 with the world's key: clients only need the shape of a JWT, and nobody else can make one. */
export function signJwt(world: World, claims: Claims, header: Readonly<Record<string, string>> = {}): string {
  const content = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${content}.${signature(world, content)}`;
}

/** What is known of tokens already: each call brings one, and it is the same for an hour. */
const known = new WeakMap<World, Map<string, Claims>>();

/** The claims of a token that this world has signed, whatever its times say; undefined for anything else. */
export function readJwt(world: World, token: string): Claims | undefined {
  const tokens = known.get(world) ?? new Map<string, Claims>();
  known.set(world, tokens);
  const claims = tokens.get(token) ?? verified(world, token);
  if (claims) tokens.set(token, claims);
  return claims;
}

function verified(world: World, token: string): Claims | undefined {
  const [header = '', payload = '', given = ''] = token.split('.');
  const expected = Buffer.from(signature(world, `${header}.${payload}`));
  const actual = Buffer.from(given);
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
}

export const secondsOf = (ms: number) => Math.floor(ms / 1000);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const signature = (world: World, content: string) =>
  createHmac('sha256', world.signIn.signingKey).update(content).digest('base64url');
