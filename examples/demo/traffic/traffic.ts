import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { ask, type Target } from './request.ts';
import { count, emptyTally, type Tally } from './tally.ts';

/** People in front of the balancer: they send all the time, at a fixed rate, whether the shop answers or not. */
export interface Traffic {
  /** Ends the tally of the present part of the story and begins the next; returns the ended one. */
  nextPart(): Tally;
  /** Sends nothing more, waits for what is under way, and returns the last tally. */
  stop(): Promise<Tally>;
}

const periodMs = 40;
const slowMs = 2_000;
/** Longer than any idle time that a server promises, so that the server's promise is what counts (node: lib/_http_agent.js). */
const agentTimeoutMs = 60_000;

/** Starts 25 requests a second; every tenth takes two seconds. */
export function startTraffic(target: Target): Traffic {
  const people = visitors();
  const underWay = new Set<Promise<void>>();
  let tally = emptyTally(performance.now());
  let sent = 0;
  const send = () => {
    const { path, askedMs, agent } = people(sent++);
    const sentAt = performance.now();
    const done = ask({ target, agent, path, id: `request-${sent}` })
      .then((outcome) => count(tally, outcome, performance.now() - sentAt - askedMs))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  };
  const startedAt = performance.now();
  const due = () => (performance.now() - startedAt) / periodMs;
  /** A timer that comes late makes up for it: the rate holds on a busy machine, too. */
  const timer = setInterval(() => {
    while (sent < due()) send();
  }, periodMs / 2);
  const nextPart = () => {
    const ended = tally;
    ended.endedAt = performance.now();
    tally = emptyTally(ended.endedAt);
    return ended;
  };
  return {
    nextPart,
    async stop() {
      clearInterval(timer);
      const stoppedAt = performance.now();
      await Promise.all(underWay);
      return { ...nextPart(), endedAt: stoppedAt };
    },
  };
}

/**
 * Five who click all the time, two who read for a while (3.6 and 5.2 seconds: under and over what the shop promises to
 * keep an idle connection), and one who opens a connection for each request.
 */
function visitors() {
  const keeping = () => new Agent({ keepAlive: true, timeout: agentTimeoutMs });
  const busy = [keeping(), keeping(), keeping(), keeping(), keeping()];
  const readers = [keeping(), keeping()] as const;
  const fresh = new Agent({ keepAlive: false });
  const agentOf = (n: number) => {
    if (n % 90 === 0) return readers[0];
    if (n % 130 === 0) return readers[1];
    return n % 3 === 2 ? fresh : (busy[n % 5] ?? fresh);
  };
  return (n: number) =>
    n % 10 === 3
      ? { path: `/slow?ms=${slowMs}`, askedMs: slowMs, agent: agentOf(n) }
      : { path: '/', askedMs: 0, agent: agentOf(n) };
}
