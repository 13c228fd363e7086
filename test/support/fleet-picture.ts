import type { Limits } from '../../tasks/common/rollout/limits.ts';
import { emptyLogbook, type Logbook, noteErrand, noteLook, notePutBack } from '../../tasks/common/rollout/logbook.ts';
import type { Node } from '../../tasks/common/rollout/node.ts';
import type { Situation } from '../../tasks/common/rollout/state.ts';

export const oldImage =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/1.0.0';
export const newImage =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/d/versions/2.0.0';

const limits: Limits = {
  wanted: 'all',
  maxUnavailable: 1,
  maxFailedNodes: 0,
  minReadyMs: 30_000,
  nodeHealthTimeoutMs: 600_000,
  progressDeadlineMs: 1_800_000,
};

/**
 * A fleet as a word a node: `old`, `new` (healthy for long), `old!` (sick), `new!` (sick on the new image), `new~`
 * (healthy, but not yet for long enough), `drain` and `drained` (on the old image), `moving` (upgrade accepted),
 * `stuck` (drain failed), `gone` (deleting), `busy` (old, and Azure is at work with it), `spared` (protected),
 * `new?` (broken: its time is over), `new^` (healthy on the new image a minute ago, and not any more), `again` and
 * `twice` (so often its drain has failed), `back` (put back into service, not healthy yet), `out` (asks to be left out).
 * Behind `stale:` such an old node runs the new image, on a disk that is to be renewed.
 */
export function fleet(picture: string, overrides: Partial<Limits> = {}, now = 1_000_000): Situation {
  const typed = picture.split(' ');
  const words = typed.map((word) => word.replace('stale:', ''));
  const nodes = words.map((word, index) => aged(nodeOf(word, index), typed[index] ?? ''));
  const used: Limits = { ...limits, ...overrides };
  return { nodes, logbook: logbookOf(words, nodes, used, now), target: newImage, limits: used, now };
}

const aged = (node: Node, word: string): Node =>
  word.startsWith('stale:') ? { ...node, image: newImage, stale: true } : node;

function nodeOf(word: string, index: number): Node {
  const isNew = word.startsWith('new');
  return {
    id: String(index),
    name: `n${index}`,
    zone: String((index % 3) + 1),
    faultDomain: '0',
    image: isNew ? newImage : oldImage,
    provisioning: word === 'gone' ? 'deleting' : word === 'moving' || word === 'busy' ? 'working' : 'succeeded',
    running: word !== 'moving',
    health: /[!?^]$/.test(word) || word === 'moving' || word === 'back' ? 'unhealthy' : 'healthy',
    protected: word.startsWith('spared'),
    leaveOut: word === 'out',
    problem: '',
  };
}

function logbookOf(words: readonly string[], nodes: readonly Node[], used: Limits, now: number): Logbook {
  const longAgo = now - used.nodeHealthTimeoutMs;
  const seenAt = (time: number, pick: (word: string) => boolean) =>
    nodes.filter((_, index) => pick(words[index] ?? '')).map((node) => ({ node, time }));
  let logbook = emptyLogbook(now - 60_000);
  const early = seenAt(longAgo, (word) => word === 'new' || word === 'new?').map(({ node }) => node);
  logbook = noteLook(logbook, early, newImage, used.minReadyMs, longAgo);
  const healthyThen = seenAt(now, (word) => word === 'new^').map(
    ({ node }) => ({ ...node, health: 'healthy' }) as const,
  );
  logbook = noteLook(logbook, [...early, ...healthyThen], newImage, used.minReadyMs, now - 60_000);
  logbook = { ...noteLook(logbook, nodes, newImage, used.minReadyMs, now), lastProgress: now - 60_000 };
  for (const [index, word] of words.entries()) {
    const since = now - 10_000;
    const id = String(index);
    if (word === 'drain') logbook = noteErrand(logbook, id, { kind: 'draining', since, certain: true });
    if (word === 'drained') logbook = noteErrand(logbook, id, { kind: 'drained', since, note: '' });
    if (word === 'stuck') logbook = noteErrand(logbook, id, { kind: 'drainFailed', since, note: '3 sessions left' });
    if (['back', 'again', 'twice'].includes(word)) {
      logbook = noteErrand(logbook, id, { kind: 'drainFailed', since, note: '3 sessions left' });
      logbook = notePutBack(logbook, id, since);
    }
    if (word === 'twice') logbook = notePutBack(logbook, id, since);
    if (word === 'moving') logbook = noteErrand(logbook, id, { kind: 'replacing', since, certain: true });
  }
  return logbook;
}
