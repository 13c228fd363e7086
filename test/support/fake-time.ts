import { type Clock, install } from '@sinonjs/fake-timers';

/**
 * Fakes the time of this process from that moment on. What runs "next" still does: Node hands on what other processes say
 * by `process.nextTick` (lib/internal/child_process.js), and a fake one would lose the answers of work in the background.
 */
export const fakeTime = (from: string): Clock =>
  install({ now: Date.parse(from), toNotFake: ['nextTick', 'queueMicrotask'] });
