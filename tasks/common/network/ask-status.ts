import { request as askPlain } from 'node:http';
import { request as askSecure } from 'node:https';
import type { Clock } from '../clock.ts';

/** The status that an address answers with; undefined when it does not answer in time. */
export type AskStatus = (url: string, patienceMs: number) => Promise<number | undefined>;

/**
 * Asks a node of the author's own network whether it is well: straight, past every proxy, and without following a
 * redirect. Nothing is shown to who answers, and of the answer only the status is read: so the certificate is not asked
 * for a name either, which a node's address would not have.
 */
export const statusAsker =
  (clock: Clock): AskStatus =>
  (url, patienceMs) =>
    new Promise((resolve) => {
      const over = new AbortController();
      const end = (status: number | undefined) => {
        over.abort();
        resolve(status);
        asked.destroy();
      };
      const options = { agent: false, headers: { Connection: 'close' }, rejectUnauthorized: false } as const;
      const asked = (url.startsWith('https:') ? askSecure : askPlain)(url, options);
      asked.on('response', (answer) => end(answer.statusCode));
      asked.on('error', () => end(undefined));
      void clock.sleep(patienceMs, over.signal).then(() => end(undefined));
      asked.end();
    });
