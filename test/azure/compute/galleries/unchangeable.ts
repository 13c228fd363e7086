import { ArmError } from '../../core/arm-errors.ts';

/** Code and sentence from packer#9716. */
export const changeNotAllowed = (property: string) =>
  new ArmError(409, 'PropertyChangeNotAllowed', `Changing property '${property}' is not allowed.`, {
    target: property,
  });

export function requireUnchanged(property: string, before: unknown, after: unknown): void {
  if (JSON.stringify(before)?.toLowerCase() !== JSON.stringify(after)?.toLowerCase()) throw changeNotAllowed(property);
}
