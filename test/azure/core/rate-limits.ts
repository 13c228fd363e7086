import { ArmError, tooManyRequests } from './arm-errors.ts';
import type { Call } from './http.ts';
import { type Charge, chargesOf, type Limit } from './rate-policies.ts';
import type { World } from './world.ts';

/** Takes what this call costs from its token buckets; throws 429 when one is empty, and then takes nothing (azure.md §17). */
export function checkRate(world: World, call: Call): void {
  if (!world.settings.rateLimits) return;
  const charges = chargesOf(world, call);
  for (const charge of charges) if (tokensOf(world, charge) < 1) throw refusal(world, charge);
  for (const charge of charges) {
    const tokens = tokensOf(world, charge) - 1;
    world.compute.buckets.set(charge.bucket, { tokens, at: world.clock.now() });
  }
}

/** What is left after the call, as Azure's headers tell it. */
export function rateHeaders(world: World, call: Call): Readonly<Record<string, string>> {
  if (!world.settings.rateLimits) return {};
  const charges = chargesOf(world, call);
  const left = (charge: Charge) => Math.max(0, Math.floor(tokensOf(world, charge)));
  const compute = charges.filter(({ provider }) => provider === 'compute');
  const arm = charges.filter(({ provider }) => provider === 'arm');
  return {
    ...Object.fromEntries(arm.map((charge) => [`x-ms-ratelimit-remaining-${charge.policy}`, String(left(charge))])),
    ...(compute.length > 0 && {
      'x-ms-ratelimit-remaining-resource': compute
        .map((charge) => `Microsoft.Compute/${charge.policy};${left(charge)}`)
        .join(','),
    }),
  };
}

/** A bucket starts full and refills steadily up to its size. */
function tokensOf(world: World, { bucket, limit }: Charge): number {
  const kept = world.compute.buckets.get(bucket);
  if (!kept) return limit.size;
  const minutes = (world.clock.now() - kept.at) / 60_000;
  return Math.min(limit.size, kept.tokens + minutes * limit.perMinute);
}

function refusal(world: World, charge: Charge): ArmError {
  const seconds = secondsToNext(tokensOf(world, charge), charge.limit);
  return charge.provider === 'compute' ? tooManyRequests(charge.policy, seconds) : armRefusal(charge, seconds);
}

const secondsToNext = (tokens: number, limit: Limit) => Math.max(1, Math.ceil(((1 - tokens) / limit.perMinute) * 60));

/** Resource Manager's own refusal, before any provider (request-limits-and-throttling; wording not proven). */
const armRefusal = (charge: Charge, seconds: number) =>
  new ArmError(
    429,
    'SubscriptionRequestsThrottled',
    `Number of requests for subscription exceeded the limit (${charge.policy}). Please try again after '${seconds}' seconds.`,
    { headers: { 'Retry-After': String(seconds) } },
  );
