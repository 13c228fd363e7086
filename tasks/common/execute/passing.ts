import { Failure } from '../failure.ts';

/** Failures that pass by themselves: the fleet could not be seen now, which says nothing about the rollout. */
const passingCodes: ReadonlySet<string> = new Set([
  'Throttled',
  'NodeBusy',
  'AzureUnavailable',
  'SignInUnavailable',
  'OidcUnreachable',
  'OidcUnavailable',
  'ManagedIdentityUnavailable',
  'NetworkUnreachable',
  'HostNotFound',
  'ConnectionBroken',
  'ProxyUnreachable',
  'AnswerBrokeOff',
  'AnswerNotJson',
]);

export const isPassing = (error: unknown): error is Failure => error instanceof Failure && passingCodes.has(error.code);
