import type { Cure } from '../network/network-cure.ts';
import type { ArmAnswer } from './arm-answer.ts';

const quotaHint = 'Ask for more quota in this region (portal: Quotas), or free some.';

/** Azure's error codes (azure.md §6) and what each means for the people who run the pipeline. First match counts. */
const byCode: readonly (readonly [pattern: RegExp, code: string, hint: string])[] = [
  [
    /^LinkedAuthorizationFailed$/,
    'AccessDenied',
    'Grant the identity of the service connection the named action on the linked resource too, for example read on the gallery or join on the subnet (docs/permissions.md).',
  ],
  [
    /^AuthorizationFailed$/,
    'AccessDenied',
    'Grant the identity of the service connection this action on this scope (docs/permissions.md lists all of them). A new assignment takes up to ten minutes to count.',
  ],
  [
    /^ScopeLocked$/,
    'ScopeLocked',
    'A management lock forbids it: have the lock removed for the time of the rollout, or leave this resource out.',
  ],
  [
    /^(SubscriptionNotFound|InvalidSubscriptionId)$/,
    'SubscriptionNotFound',
    'Check the subscription of the service connection, and that its identity has a role in it.',
  ],
  [
    /^ResourceGroupNotFound$/,
    'ResourceGroupNotFound',
    'Check the name of the resource group, and that it is in the subscription of the service connection.',
  ],
  [
    /^(ResourceNotFound|NotFound|ParentResourceNotFound|GalleryImageNotFound)$/,
    'ResourceNotFound',
    'Check the names in the inputs, the region, and that the resource is in the subscription of the service connection.',
  ],
  [
    /^(MissingSubscriptionRegistration|SubscriptionNotRegistered)$/,
    'ProviderNotRegistered',
    'Register the resource provider: az provider register --namespace Microsoft.Compute.',
  ],
  [/Quota/i, 'QuotaExceeded', quotaHint],
  [
    /^(AllocationFailed|ZonalAllocationFailed|Overconstrained\w*|SkuNotAvailable)$/,
    'NoCapacity',
    'Azure has no room for this size here at the moment: try later, another size, or fewer constraints.',
  ],
  [
    /^RequestDisallowedByPolicy$/,
    'PolicyDenied',
    'An Azure Policy forbids it: the message names it. Ask its owner for an exemption or change the resource.',
  ],
  [
    /^InvalidAuthenticationTokenTenant$/,
    'TenantWrong',
    'The identity signs in to another tenant than that of the subscription: correct the tenant id, or the subscription, of the service connection.',
  ],
  [
    /^(InvalidAuthenticationToken\w*|ExpiredAuthenticationToken|AuthenticationFailed)$/,
    'SignInRefused',
    'Resource Manager did not take the token: check that tenant, subscription and environment of the service connection belong together.',
  ],
  [
    /^PreconditionFailed$/,
    'ChangedMeanwhile',
    'Somebody else changed the resource in between. Run the task again: it looks anew.',
  ],
  [
    /^(Conflict|OperationPreempted|AnotherOperationInProgress|CanceledAndSupersededDueToAnotherOperation)$/,
    'Conflict',
    'Something else is changing this resource: find out what (Activity log), wait for it, and run the task again.',
  ],
  [
    /^(VMExtension\w*|OSProvisioning\w*)$/,
    'NodeDidNotStart',
    'The machine did not come up on this image: look at its boot diagnostics and extensions.',
  ],
];

const throttledHint =
  'The rate limit of this subscription or resource is used up. Run the stage again later, and see what else calls Azure with it.';

const modelsHint =
  'Bring nodes of old models onto the one that the scale set names now (az vmss update-instances), then run the task again.';

/** The cure for what Azure said. */
export function armCure(answer: ArmAnswer): Cure {
  if (answer.status === 429) return { code: 'Throttled', hint: throttledHint };
  // Compute reports a full quota as OperationNotAllowed with the word in its sentence (azure.md §6).
  if (answer.code === 'OperationNotAllowed' && /quota/i.test(answer.message))
    return { code: 'QuotaExceeded', hint: quotaHint };
  // The same code once more (azure.md §2).
  if (/reached its limit of \d+ models/i.test(answer.message)) return { code: 'TooManyModels', hint: modelsHint };
  const known = byCode.find(([pattern]) => answer.code !== undefined && pattern.test(answer.code));
  if (known) return { code: known[1], hint: known[2] };
  return byStatus(answer.status);
}

function byStatus(status: number | undefined): Cure {
  if (status === undefined)
    return {
      code: 'OperationFailed',
      hint: 'Azure accepted the operation, and it did not end well: its own words above say why.',
    };
  if (status === 404 || status === 410)
    return {
      code: 'ResourceNotFound',
      hint: 'Check the names in the inputs and the subscription of the service connection.',
    };
  if (status === 401 || status === 403)
    return {
      code: 'AccessDenied',
      hint: 'Check the roles of the identity of the service connection (docs/permissions.md).',
    };
  if (status === 409)
    return {
      code: 'Conflict',
      hint: 'The state of the resource does not allow it now: the message says why. Wait for what is under way, and run the task again.',
    };
  if (status >= 500)
    return {
      code: 'AzureUnavailable',
      hint: 'Azure has a problem at the moment (status.azure.com). Run the task again: it continues from where things are.',
    };
  return {
    code: 'AzureRefused',
    hint: 'The message says what Azure does not accept. Correct the inputs or the resource.',
  };
}
