import { badRequest } from '../../core/arm-errors.ts';

/** `Major.Minor.Patch`, each a 32-bit number (azure.md §13). */
export function requireVersionName(name: string): void {
  const digits = /^(\d+)\.(\d+)\.(\d+)$/.exec(name)?.slice(1) ?? [];
  if (digits.length !== 3 || digits.some((part) => Number(part) > 2 ** 31 - 1))
    throw badRequest(
      `The gallery image version name '${name}' is invalid. It must be <MajorVersion>.<MinorVersion>.<Patch>, each a 32-bit integer.`,
      'galleryImageVersionName',
    );
}

/** Negative when `a` is the lower version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
