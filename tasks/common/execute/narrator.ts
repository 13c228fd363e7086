import { nothingSeen, type Observed, seenAt } from '../report/observed.ts';
import { changesBetween, type Event, eventOf, progressOf } from '../report/rollout-story.ts';
import { eventLine } from '../report/rollout-summary.ts';
import type { Step } from '../rollout/next-steps.ts';
import type { Situation } from '../rollout/state.ts';
import type { Observer } from './job.ts';

/** Where the story goes while it happens. */
export interface Listener {
  line(text: string): void;
  progress(percent: number, text: string): void;
}

export interface Narrator extends Observer {
  readonly events: readonly Event[];
  /** What each node was seen doing, with times. */
  readonly observed: Observed;
  readonly startedAt: number;
}

/** Tells a rollout as it happens: one line an event, the same wait only once, the bar by nodes. */
export function narrator(listener: Listener, now: () => number): Narrator {
  const startedAt = now();
  const events: Event[] = [];
  let observed = nothingSeen(startedAt);
  let last: Situation | undefined;
  let lastWait = '';

  function tell(event: Event): void {
    events.push(event);
    listener.line(eventLine(event, startedAt));
  }

  return {
    events,
    startedAt,
    get observed() {
      return observed;
    },
    remarked: (text, about = 'note') => tell({ at: now(), what: about, text }),
    looked(situation: Situation) {
      observed = seenAt(observed, situation);
      // On the way back everything is seen from the other end: nothing has changed by that.
      if (last?.target === situation.target) changesBetween(last, situation).forEach(tell);
      last = situation;
    },
    decided(step: Step, situation: Situation) {
      const event = eventOf(step, situation);
      if (step.kind !== 'wait' || event.text !== lastWait) tell(event);
      lastWait = step.kind === 'wait' ? event.text : '';
      const { ready, wanted } = progressOf(situation);
      listener.progress(
        wanted === 0 ? 100 : Math.floor((100 * ready) / wanted),
        `${ready} of ${wanted} nodes are ready`,
      );
    },
  };
}
