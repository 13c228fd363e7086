/** An object of foreign data: what it holds is looked at before it is used. */
export type Entry = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of foreign data, or an empty one where something else stands. */
export const objectIn = (value: unknown): Entry => (isObject(value) ? value : {});

/** A list of objects of foreign data. */
export const objectsIn = (value: unknown): readonly Entry[] => (Array.isArray(value) ? value.filter(isObject) : []);
