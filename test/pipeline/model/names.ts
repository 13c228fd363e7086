import { PipelineError, type Place } from '../yaml/problem.ts';

/** Names are unique, well formed, and what they depend on exists and is no circle. */
export function refuseBrokenNames(
  nodes: readonly { readonly name: string; readonly dependsOn: readonly string[]; readonly place: Place }[],
  what: 'job' | 'stage',
): void {
  const known = new Map<string, (typeof nodes)[number]>();
  for (const node of nodes) {
    if (!/^[A-Za-z_]\w*$/.test(node.name))
      throw new PipelineError(node.place, `"${node.name}" can't be a ${what}'s name`);
    if (known.has(node.name.toLowerCase())) {
      throw new PipelineError(node.place, `${what} name "${node.name}" appears more than once`);
    }
    known.set(node.name.toLowerCase(), node);
  }
  for (const node of nodes) refuseCircle(node, known, what, []);
}

function refuseCircle(
  node: { readonly name: string; readonly dependsOn: readonly string[]; readonly place: Place },
  known: ReadonlyMap<string, { readonly name: string; readonly dependsOn: readonly string[]; readonly place: Place }>,
  what: string,
  path: readonly string[],
): void {
  if (path.includes(node.name)) {
    throw new PipelineError(
      node.place,
      `${what} "${node.name}" depends on itself: ${[...path, node.name].join(' > ')}`,
    );
  }
  for (const name of node.dependsOn) {
    const next = known.get(name.toLowerCase());
    if (next === undefined)
      throw new PipelineError(node.place, `${what} "${node.name}" depends on unknown ${what} "${name}"`);
    refuseCircle(next, known, what, [...path, node.name]);
  }
}
