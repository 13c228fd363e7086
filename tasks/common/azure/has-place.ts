import { Failure } from '../failure.ts';

/** Every resource that we read has a region (REST, TrackedResource): without one it is somebody else's JSON. */
export function hasPlace<Resource extends { readonly location?: string }>(resource: Resource, what: string): Resource {
  if (typeof resource.location === 'string' && resource.location !== '') return resource;
  throw new Failure(
    'AnswerUnreadable',
    `The answer for ${what} is no such resource: it has no location`,
    'Something between the agent and Azure changes answers: look at proxies and gateways, then run the task again.',
  );
}
