import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';

export interface SubscriptionSources {
  /** The connection as people recognise it. */
  readonly name: string;
  readonly scopeLevel: string | undefined;
  /** What the connection itself says. */
  readonly own: string | undefined;
  /** The task's input `subscriptionId`. */
  readonly given: string | undefined;
}

/**
 * The subscription to work in. A connection that has one decides it: an input may repeat it and never replace it, so that
 * nobody who changes the connection works on in the subscription of before (docs/decisions/0015-one-subscription.md).
 */
export function chooseSubscription({ name, scopeLevel, own, given }: SubscriptionSources): string {
  refuseOddId(given);
  if (own && given && own.toLowerCase() !== given.toLowerCase()) throw twoSubscriptions(name, own, given);
  return own || given || refuseNone(name, scopeLevel);
}

function refuseOddId(given: string | undefined): void {
  if (!given || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given)) return;
  throw new Failure(
    'InvalidInput',
    `Input "subscriptionId" is "${harmlessLine(given, 200)}"`,
    'It must be the id of a subscription, not its name: 8-4-4-4-12 hexadecimal digits, as `az account list` shows it.',
  );
}

const twoSubscriptions = (name: string, own: string, given: string) =>
  new Failure(
    'ContradictoryInputs',
    `Input "subscriptionId" is "${given}", but service connection ${name} is made for the subscription ${own}`,
    'Leave "subscriptionId" empty, or use a connection of that subscription or of a management group.',
  );

function refuseNone(name: string, scopeLevel: string | undefined): never {
  if (scopeLevel?.toLowerCase() !== 'managementgroup')
    throw new Failure(
      'ConnectionIncomplete',
      `Service connection ${name} has no subscription id (subscriptionId)`,
      'Open it in Project settings > Service connections, complete it and save it with Verify; or give the input "subscriptionId".',
    );
  throw new Failure(
    'InputMissing',
    `Input "subscriptionId" is empty, and service connection ${name} is made for a management group (ScopeLevel ManagementGroup), which names no subscription`,
    'Give "subscriptionId" the id of the subscription to work in.',
  );
}
