import type { Call } from './http.ts';
import type { World } from './world.ts';

/** Takes what this call costs from its token buckets; throws 429 when one is empty (azure.md §17). */
export function checkRate(_world: World, _call: Call): void {}
