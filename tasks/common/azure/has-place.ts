import { unreadable } from './unreadable.ts';

/** Every resource that we read has a region (REST, TrackedResource): without one it is somebody else's JSON. */
export function hasPlace<Resource extends { readonly location?: string }>(resource: Resource, what: string): Resource {
  if (typeof resource.location === 'string' && resource.location !== '') return resource;
  throw unreadable(`The answer for ${what} is no such resource: it has no location`);
}
