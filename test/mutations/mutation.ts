/** A guard of the product, the text that takes it away, and the test that must notice. */
export interface Mutation {
  /** What the guard sees to, in words. */
  readonly guard: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  /** What stands there without the guard. */
  readonly without: string;
  readonly test: NamedTest;
}

export interface NamedTest {
  readonly file: string;
  /** In full, as mocha says it: with the titles of the suites around it. */
  readonly title: string;
}

/** Guards of one file that one file of tests watches. */
export interface Group {
  readonly file: string;
  readonly tests: string;
  readonly guards: readonly {
    readonly guard: string;
    readonly text: string;
    readonly without: string;
    /** The title of the test that must turn red. */
    readonly red: string;
  }[];
}

export const mutationsIn = (groups: readonly Group[]): readonly Mutation[] =>
  groups.flatMap(({ file, tests, guards }) =>
    guards.map(({ guard, text, without, red }) => ({ guard, file, text, without, test: { file: tests, title: red } })),
  );

/** The file's text without the guard; an error when the text to replace is not there just once. */
export function mutated(source: string, { guard, file, text, without }: Mutation): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`${file}, "${guard}": its text is there ${parts.length - 1} times, not once`);
  return parts.join(without);
}
