import type { Place } from './problem.ts';

/**
 * A pipeline file as a tree that remembers its lines. Every scalar is the text as written: Azure Pipelines gives a value
 * its type where it is used, so `1.10` stays `1.10` and `007` stays `007`.
 */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly place: Place;
}

export interface Entry {
  readonly key: string;
  readonly place: Place;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly place: Place;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly text: string;
  readonly place: Place;
}

export function scalar(text: string, place: Place): ScalarNode {
  return { kind: 'scalar', text, place };
}

/** What a node is called in an error. */
export function kindName(node: Node): string {
  return { map: 'a mapping', list: 'a list', scalar: 'a text' }[node.kind];
}
