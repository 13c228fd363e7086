import { counted } from './words.ts';

/** What a plan comes to for nodes that are, or were, protected from actions of the set. */
export interface Lifts {
  /** Ids of nodes that are protected now, and that the stage may take all the same. */
  readonly ids: readonly string[];
  /** How many of them it takes at most. */
  readonly atMost: number;
  /** Ids of nodes whose protection an earlier run may have lifted and has not given back. */
  readonly owed: readonly string[];
}

/** Said before anything happens; empty where no protection may be touched. */
export const announcedLifts = ({ ids, atMost, owed }: Lifts): readonly string[] => [
  ...(atMost === 0
    ? []
    : atMost < ids.length
      ? [`protected, and up to ${atMost} of them may be replaced all the same: instances ${ids.join(', ')}`]
      : [`protected, and to be replaced all the same: instances ${ids.join(', ')}`]),
  ...(owed.length === 0
    ? []
    : [`protection is given back where it is missing since an earlier run: instances ${owed.join(', ')}`]),
];

/** The same for a plan. */
export const plannedLifts = ({ ids, atMost, owed }: Lifts): readonly string[] => [
  ...(atMost === 0
    ? []
    : atMost < ids.length
      ? [
          `It may lift the protection from actions of the set of up to ${atMost} of ${counted(ids.length, 'protected node')}, of each just before it is replaced, and give it back after.`,
        ]
      : [
          `Of ${counted(ids.length, 'protected node')} it would lift the protection from actions of the set just before each is replaced, and give it back after.`,
        ]),
  ...(owed.length === 0
    ? []
    : [
        `It gives back the protection from actions of the set, where it is missing since an earlier run: instances ${owed.join(', ')}.`,
      ]),
];
