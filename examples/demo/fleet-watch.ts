import type { Json } from '../../test/azure/core/http.ts';
import type { World } from '../../test/azure/index.ts';

/** Looks at the fleet several times a second, without asking Azure: who has ever had which version? */
export interface FleetWatch {
  /** Names of the nodes that ever had this version. */
  nodesEverOn(version: string): readonly string[];
  stop(): void;
}

const everyMs = 100;

export function watchFleet(world: World): FleetWatch {
  const seen = new Map<string, Set<string>>();
  const timer = setInterval(() => {
    for (const { name, image } of world.compute.instances.values()) {
      const version = versionOf(image.reference);
      seen.set(version, (seen.get(version) ?? new Set()).add(name));
    }
  }, everyMs);
  return {
    nodesEverOn: (version) => [...(seen.get(version) ?? [])],
    stop: () => clearInterval(timer),
  };
}

/** The last segment of a gallery version's id. */
export const versionOf = (reference: Json): string =>
  String(reference['id'] ?? '')
    .split('/')
    .at(-1) ?? '';
