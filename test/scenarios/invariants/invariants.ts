import { goalOf, isHeld } from '../../../tasks/common/record/record.ts';
import type { Answer, Call } from '../../azure/core/http.ts';
import { commandIn, type Picture, type PicturedNode } from './picture.ts';

/** What a story allows. */
export interface Rules {
  readonly maxUnavailable: (nodes: number) => number;
  /** The image that is brought, and the one that is proven. */
  readonly target: string;
  readonly stable: string;
  /** The target never becomes healthy. */
  readonly neverHealthy: boolean;
  /** Nodes are drained before they are replaced. */
  readonly drains: boolean;
  /** How many nodes may be on the target by what has been asked for until now. */
  readonly wanted: () => number | 'all';
  /** The attempt of the process that is alive: it alone may write. */
  readonly attempt: () => string;
  /** Nodes out of service that nobody can blame us for. */
  readonly lostToOthers: (picture: Picture) => number;
  /** Autoscale is to hold the number of nodes while a task is at work. */
  readonly pausesAutoscale?: boolean;
  /** What somebody else changes in the model may go to the nodes. */
  readonly driftAllowed?: () => boolean;
}

/** One call, and the set before and after it. */
export interface Moment {
  readonly call: Call;
  readonly answer: Answer;
  readonly before: Picture;
  readonly now: Picture;
  /** As it was before the first task. */
  readonly found: Picture;
  /** Ids of nodes that were ever asked to go to the target: others got it by scaling out. */
  readonly upgraded: ReadonlySet<string>;
  /** Azure has refused a write of the model, since nodes refer to as many models as may be. */
  readonly modelsUsedUp: boolean;
  readonly rules: Rules;
}

export interface Invariant {
  /** As in the list of what must hold. */
  readonly number: number;
  readonly says: string;
  /** How it is broken at this moment; undefined when it holds. Some remember what they saw before. */
  readonly breach: (moment: Moment) => string | undefined;
}

/** Asserted after every call, whoever made it; 7 and 8 are about endings and are asserted there. */
export const invariants = (): readonly Invariant[] => [
  enoughServe,
  noNodeTooMany,
  badImageStaysSmall,
  closedRolloutStartsNothing,
  stageIsKept,
  goalIsNotTheBadImage,
  oneOwner(),
  nothingTwice,
  drainedBeforeReplaced,
  renewedOnce(),
  modelIsExplained,
  pausedBeforeStarts,
  pausesAreExplained(),
  protectionIsExplained(),
  noForeignModel(),
];

const enoughServe: Invariant = {
  number: 1,
  says: 'serving nodes are at least desired less maxUnavailable, counting only losses that we caused',
  breach({ now, rules }) {
    const serving = now.nodes.filter(({ serves }) => serves).length;
    const floor = now.capacity - rules.maxUnavailable(now.nodes.length) - rules.lostToOthers(now);
    return serving < floor ? `${serving} of ${now.capacity} nodes serve, the floor is ${floor}` : undefined;
  },
};

const noNodeTooMany: Invariant = {
  number: 2,
  says: 'nodes never become more than desired: nothing surges',
  breach({ before, now }) {
    // When somebody lowers what is desired, there are more until Azure has deleted them, also those that came since the last call.
    const grown = now.nodes.length > before.nodes.length && now.capacity >= before.capacity && !now.resizing;
    const staying = now.nodes.filter(({ deleting }) => !deleting).length;
    return grown && staying > now.capacity + now.repairing
      ? `${now.nodes.length} nodes, desired are ${now.capacity}`
      : undefined;
  },
};

const badImageStaysSmall: Invariant = {
  number: 3,
  says: 'an image that never becomes healthy replaces at most the budget',
  breach({ now, upgraded, rules }) {
    const replaced = brought(now, upgraded, rules);
    const budget = rules.maxUnavailable(now.nodes.length);
    return rules.neverHealthy && replaced > budget ? `${replaced} nodes are on it, the budget is ${budget}` : undefined;
  },
};

const closedRolloutStartsNothing: Invariant = {
  number: 4,
  says: 'a paused, failed or waiting rollout starts nothing',
  breach({ call, answer, before }) {
    if (!isStart(call) || answer.status >= 300) return undefined;
    return before.record && isHeld(before.record) ? undefined : `its state is ${before.record?.state ?? 'unwritten'}`;
  },
};

const stageIsKept: Invariant = {
  number: 5,
  says: 'no more nodes are brought to the new image than the stages so far asked for',
  breach({ now, upgraded, rules }) {
    const wanted = rules.wanted();
    const there = brought(now, upgraded, rules);
    return wanted !== 'all' && there > wanted ? `${there} nodes are on it, asked for were ${wanted}` : undefined;
  },
};

const goalIsNotTheBadImage: Invariant = {
  number: 9,
  says: 'nodes get what the record says: forward its target, backward its stable image and never the bad one',
  breach({ call, answer, before }) {
    if (!isUpgrade(call) || answer.status >= 300 || !before.record) return undefined;
    const goal = goalOf(before.record);
    if (before.record.state === 'rollingBack' && goal === before.record.target)
      return 'the way back leads to the bad image';
    return before.modelImage === goal ? undefined : `the model names ${before.modelImage}, the goal is ${goal}`;
  },
};

/** Ownership has to be read again between a look and what is started upon it. */
function oneOwner(): Invariant {
  let confirmed = false;
  return {
    number: 10,
    says: 'one owner, and ownership is read again before each start',
    breach({ call, answer, before, rules }) {
      if (call.method === 'GET' && /\/virtualMachines$/i.test(call.url.pathname)) confirmed = false;
      if (/\/virtualMachineScaleSets\/[^/]+$/i.test(call.url.pathname)) confirmed = true;
      if (!isStart(call) || answer.status >= 300) return undefined;
      if (before.record?.owner.attempt !== rules.attempt())
        return `attempt ${rules.attempt()} started it, the record names ${before.record?.owner.attempt ?? 'nobody'}`;
      return confirmed ? undefined : 'the record was not read since the last look';
    },
  };
}

const nothingTwice: Invariant = {
  number: 11,
  says: 'what may have been started already is looked up before it is started again',
  breach({ call, answer, before }) {
    if (answer.status >= 300) return undefined;
    if (isDrain(call) && before.commands.has(commandIn(call.url.pathname))) return 'this drain was started already';
    if (!isReplacement(call)) return undefined;
    const isThere = ({ image }: PicturedNode) => isUpgrade(call) && image === before.modelImage;
    const twice = idsIn(call).filter((id) =>
      before.nodes.some((node) => node.id === id && (node.busy || isThere(node))),
    );
    return twice.length > 0 ? `nodes ${twice.join(', ')} were being upgraded already, or are` : undefined;
  },
};

const drainedBeforeReplaced: Invariant = {
  number: 12,
  says: 'no node is replaced while it serves',
  breach({ call, answer, before, rules }) {
    if (!rules.drains || !isReplacement(call) || answer.status >= 300) return undefined;
    const serving = idsIn(call).filter((id) => before.nodes.some((node) => node.id === id && node.serves));
    return serving.length > 0 ? `nodes ${serving.join(', ')} still served` : undefined;
  },
};

/** What the disks were is known from the moment on at which the record first lists them. */
function renewedOnce(): Invariant {
  let rollout = '';
  let disks: ReadonlyMap<string, string> = new Map();
  return {
    number: 6,
    says: 'with force a node is renewed that runs the image since before the rollout, on the disk that it had then',
    breach({ call, answer, before, now }) {
      if (now.record?.renew && now.record.rolloutId !== rollout) {
        rollout = now.record.rolloutId;
        disks = new Map(before.nodes.map(({ id, disk }) => [id, disk]));
      }
      if (!isReimage(call) || answer.status >= 300) return undefined;
      const { record } = before;
      const isDue = ({ id, image, disk }: PicturedNode) =>
        image === record?.target && record.renew?.[id] !== undefined && disk === disks.get(id);
      const wrong = before.nodes.filter((node) => idsIn(call).includes(node.id) && !isDue(node));
      return wrong.length > 0 ? `nodes ${wrong.map(({ id }) => id).join(', ')} were not to be renewed` : undefined;
    },
  };
}

const modelIsExplained: Invariant = {
  number: 14,
  says: 'the model names the new image only while the record says why',
  breach({ now, modelsUsedUp, rules }) {
    const { record } = now;
    if (now.modelImage === (record?.stable ?? rules.stable) || modelsUsedUp) return undefined;
    if (record && (isHeld(record) || record.state === 'whole' || record.scaleOut === 'new')) return undefined;
    return `the model names ${now.modelImage}, the record is ${record?.state ?? 'unwritten'}`;
  },
};

const pausedBeforeStarts: Invariant = {
  number: 8,
  says: 'nothing is drained or replaced while repairs, autoscale or the upgrade policy could act beside us',
  breach({ call, answer, before, rules }) {
    if (!isStart(call) || answer.status >= 300) return undefined;
    if (before.repairs === 'Running') return 'automatic repairs run';
    if (before.upgradeMode !== 'Manual') return `the upgrade policy is ${before.upgradeMode}`;
    return rules.pausesAutoscale && before.pinned === undefined ? 'autoscale holds nothing' : undefined;
  },
};

/** What Azure was asked to suspend counts from the order on: it may be carried out later. */
function pausesAreExplained(): Invariant {
  let suspended = false;
  return {
    number: 14,
    says: 'nothing that we suspended, pinned or switched to Manual is so without the record saying it',
    breach({ call, answer, now, found }) {
      if (call.url.pathname.endsWith('/setOrchestrationServiceState') && answer.status < 300)
        suspended = call.body.includes('Suspend');
      const { repairs, autoscale, upgradeMode } = now.record?.paused ?? {};
      if (suspended && !repairs) return 'automatic repairs are suspended';
      if (now.pinned !== undefined && autoscale === undefined) return `autoscale holds ${now.pinned} nodes`;
      const switched = found.upgradeMode !== 'Manual' && now.upgradeMode === 'Manual';
      return switched && upgradeMode !== found.upgradeMode ? `it is Manual and was ${found.upgradeMode}` : undefined;
    },
  };
}

/** A write of a node's protection, as it was asked for; what it comes to shows later. */
function protectionIsExplained(): Invariant {
  const lifted = new Map<string, 'lifted' | 'returning'>();
  return {
    number: 14,
    says: 'no node is without the protection that we lifted unless the record says it, before as well as after',
    breach({ call, answer, before, now }) {
      const id = /\/virtualMachines\/(\d+)$/i.exec(call.url.pathname)?.[1];
      if (id !== undefined && call.method === 'PUT' && answer.status < 300) {
        const lifts = !call.body.includes('"protectFromScaleSetActions":true');
        if (lifts && !before.record?.paused?.protection?.includes(id)) return `${id} was not written down`;
        lifted.set(id, lifts ? 'lifted' : 'returning');
      }
      for (const [each, state] of lifted) {
        const node = now.nodes.find((other) => other.id === each);
        const { protectFromScaleIn, protectFromScaleSetActions } = node?.protection ?? {};
        if (!node || (state === 'returning' && protectFromScaleSetActions)) lifted.delete(each);
        else if (!protectFromScaleIn) return `${each} lost its protection from scale-in, too`;
        else if (!protectFromScaleSetActions && !now.record?.paused?.protection?.includes(each))
          return `${each} is not protected`;
      }
      return undefined;
    },
  };
}

/** What stands in the model beside the image when its print comes into the record is what nodes may get. */
function noForeignModel(): Invariant {
  const known = new Map<string, string>();
  let read = '';
  return {
    number: 10,
    says: 'nodes get nothing that somebody else had written into the model when it was last read',
    breach({ call, answer, before, now, rules }) {
      const print = JSON.stringify(now.record?.model);
      if (!known.has(print)) known.set(print, now.modelRest);
      if (/\/virtualMachineScaleSets\/[^/]+$/i.test(call.url.pathname)) read = now.modelRest;
      if (rules.driftAllowed?.() || !isUpgrade(call) || answer.status >= 300) return undefined;
      const asked = known.get(JSON.stringify(before.record?.model));
      return asked === read ? undefined : `${idsIn(call).join(', ')} get ${read} where ${asked} was known`;
    },
  };
}

const brought = ({ nodes }: Picture, upgraded: Moment['upgraded'], { target }: Rules) =>
  nodes.filter(({ id, image }) => image === target && upgraded.has(id)).length;

export const isUpgrade = ({ url }: Call) => url.pathname.endsWith('/manualupgrade');
const isReimage = ({ url }: Call) => url.pathname.endsWith('/reimage');
const isReplacement = (call: Call) => isUpgrade(call) || isReimage(call);
/** One that takes the script away from a command drains nobody. */
const isDrain = ({ method, url, body }: Call) =>
  method === 'PUT' && url.pathname.includes('/runCommands/phoenix-drain-') && !body.includes('phoenix-emptied');
const isStart = (call: Call) => isReplacement(call) || isDrain(call);

export const idsIn = ({ body }: Call) => (JSON.parse(body) as { readonly instanceIds: readonly string[] }).instanceIds;
