import { badRequest } from '../../core/arm-errors.ts';

/** `Major.Minor.Patch`, each a 32-bit number (azure.md §13); sentence: troubleshooting-shared-images. */
export function requireVersionName(name: string): void {
  const digits = /^(\d+)\.(\d+)\.(\d+)$/.exec(name)?.slice(1) ?? [];
  if (digits.length !== 3 || digits.some((part) => Number(part) > 2 ** 31 - 1))
    throw badRequest(
      'The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) format, for e.g: 1.0.0, 2018.12.1 etc.',
      'galleryImageVersionName',
    );
}

/** Negative when `a` is the lower version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
