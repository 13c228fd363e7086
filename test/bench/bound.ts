/**
 * No schedule with so many slots can end sooner: all the work shared out evenly, or the longest node, whichever is more.
 * Times 4, 3, 3 and 2 on two slots: 12 / 2 = 6.
 */
export function lowerBound(times: readonly number[], slots: number): number {
  return Math.max(times.reduce((sum, time) => sum + time, 0) / slots, Math.max(...times));
}
