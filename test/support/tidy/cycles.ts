import { importsOf, type Source } from './source.ts';

/** Rings of imports among shipped files: nobody could say which of them is above. Types make no ring. */
export function cycleFindings(sources: readonly Source[]): readonly string[] {
  const shipped = sources.filter(({ path }) => path.startsWith('tasks/'));
  const below = new Map(shipped.map((source) => [source.path, targets(source)]));
  const cleared = new Set<string>();
  const walk = (path: string, above: readonly string[]): readonly string[] => {
    if (above.includes(path)) return [[...above.slice(above.indexOf(path)), path].join(' → ')];
    if (cleared.has(path)) return [];
    const found = (below.get(path) ?? []).flatMap((target) => walk(target, [...above, path]));
    cleared.add(path);
    return found;
  };
  return shipped.flatMap(({ path }) => walk(path, []));
}

function targets(source: Source): readonly string[] {
  return importsOf(source)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ target }) => target);
}
