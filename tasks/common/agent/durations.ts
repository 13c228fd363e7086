import type { Duration } from './inputs.ts';

export type DurationUnit = 's' | 'm' | 'h';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `2h`, `1h30m`; a bare number only when a unit is given for it. Undefined when it is none of these. */
export function parseDuration(value: string, unit?: DurationUnit): Duration | undefined {
  const text = value.replace(/\s+/g, '').toLowerCase();
  if (unit !== undefined && /^\d{1,9}$/.test(text))
    return { ms: Number(text) * (unitMs[unit] ?? 0), text: `${text}${unit}` };
  if (!/^(?:\d{1,9}[smhd])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  const ms = parts.reduce((sum, [, digits, letter]) => sum + Number(digits) * (unitMs[letter ?? ''] ?? 0), 0);
  return { ms, text };
}
