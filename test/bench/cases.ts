/** What Azure does with a second manualupgrade while the first is open: not proven, so all three are measured. */
export const concurrencies = ['overlap', 'startConflict', 'exclusive'] as const;
export type Concurrency = (typeof concurrencies)[number];

/** A set, how many of its nodes may be out of service at once, and how many a page of the list holds (not documented). */
export interface Size {
  readonly nodes: number;
  readonly slots: number;
  readonly page: number;
}

/** 100/20 is there for Azure's default shape, which takes a fifth of the set at once. */
export const sizes = {
  '20/4': { nodes: 20, slots: 4, page: 100 },
  '100/10': { nodes: 100, slots: 10, page: 100 },
  '100/20': { nodes: 100, slots: 20, page: 100 },
  '1000/100': { nodes: 1000, slots: 100, page: 100 },
  '1000/100, 400 a page': { nodes: 1000, slots: 100, page: 400 },
} as const satisfies Readonly<Record<string, Size>>;

export type SizeName = keyof typeof sizes;
export const sizeNames = Object.keys(sizes) as SizeName[];

/** The default of minReadySeconds. A node's time includes it. */
export const minReadyMs = 30_000;

/** Three, as Azure's regions have them. */
export const zones = ['1', '2', '3'] as const;
