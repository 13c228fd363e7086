import { toBoolean, toNumber, toText, toVersion, type Value, Version } from './values.ts';

/** `eq`: the right side becomes what the left side is; where it can't, they differ. Texts are equal whatever their case. */
export function areEqual(left: Value, right: Value): boolean {
  const order = compare(left, right);
  return order === 'apart' ? left === right : order === 0;
}

/** Minus, zero or plus as left stands to right; `apart` where the right side can't become what the left side is. */
export function compare(left: Value, right: Value): number | 'apart' {
  if (left === null) return right === null || right === '' ? 0 : 'apart';
  if (typeof left === 'boolean') return isPlain(right) ? Number(left) - Number(toBoolean(right)) : 'apart';
  if (typeof left === 'number') return difference(left, toNumber(right));
  if (typeof left === 'string')
    return isPlain(right) ? order(left.toUpperCase(), toText(right).toUpperCase()) : 'apart';
  if (left instanceof Version) return versionOrder(left, toVersion(right));
  return 'apart';
}

function isPlain(value: Value): boolean {
  return value === null || typeof value !== 'object' || value instanceof Version;
}

function difference(left: number, right: number | undefined): number | 'apart' {
  return right === undefined ? 'apart' : left - right;
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function versionOrder(left: Version, right: Version | undefined): number | 'apart' {
  if (right === undefined) return 'apart';
  // A part that is not written counts as -1 in .NET: 1.2 is before 1.2.0.
  for (let part = 0; part < 4; part++) {
    const step = (left.parts[part] ?? -1) - (right.parts[part] ?? -1);
    if (step !== 0) return step;
  }
  return 0;
}
