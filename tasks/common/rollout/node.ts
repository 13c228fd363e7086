/**
 * One node of the fleet as one look shows it. Azure's words have been translated (`azure/nodes.ts`); what was not
 * recognised there is `unknown`, and unknown means not serving.
 */
export interface Node {
  readonly id: string;
  readonly name: string;
  /** Empty for a set without zones. */
  readonly zone: string;
  /** Machines of one fault domain share power and network; empty when Azure does not say. */
  readonly faultDomain: string;
  /** The image that the node's own disk was made from, as an ARM id; empty when Azure does not say. */
  readonly image: string;
  readonly provisioning: 'succeeded' | 'working' | 'deleting' | 'failed';
  readonly running: boolean;
  readonly health: 'healthy' | 'unhealthy' | 'initializing' | 'unknown';
  /** Since when it is what `health` says, in Azure's words and by Azure's clock; absent when Azure does not tell. */
  readonly healthTime?: number;
  /** Protected from actions of the scale set: an upgrade would pass it over. */
  readonly protected: boolean;
  /** A tag of its own asks to leave it out. */
  readonly leaveOut: boolean;
  /** What Azure says of a node that failed, for people; empty when it says nothing. */
  readonly problem: string;
  /** By which model it was made, as Azure says: only a hint. Absent where it says nothing. */
  readonly model?: 'latest' | 'older' | 'own';
  /** A print of its OS disk, by which another disk is told from it; absent where Azure does not say which it is. */
  readonly disk?: string;
  /** It runs the target image, and still on the disk that the rollout was asked to renew (record/renewal.ts). */
  readonly stale?: true;
  /** What it shows of itself that a model names too: `size` is `standard_d2s_v5`. */
  readonly shows?: Readonly<Record<string, string>>;
}

/** ARM ids are compared without regard to case. */
export function sameImage(one: string, other: string): boolean {
  return one !== '' && (one === other || one.toLowerCase() === other.toLowerCase());
}

/** Nothing is left to do with its disk: it runs the target, and not on a disk that is to be renewed. */
export const isOn = (node: Node, target: string): boolean => sameImage(node.image, target) && !node.stale;

/** Up, and seen healthy at this look. Whether it has been so for long enough is a question for the logbook. */
export function looksHealthy(node: Node): boolean {
  return node.provisioning === 'succeeded' && node.running && node.health === 'healthy';
}
