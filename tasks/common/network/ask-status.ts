import { request as askPlain } from 'node:http';
import { request as askSecure } from 'node:https';

/** The status that an address answers with; undefined when it does not answer in time. */
export type AskStatus = (url: string, patienceMs: number) => Promise<number | undefined>;

/**
 * Asks a node of the author's own network whether it is well: straight, past every proxy, and without following a
 * redirect. Nothing is shown to who answers, and of the answer only the status is read: so the certificate is not asked
 * for a name either, which an address behind a load balancer would not have (docs/decisions/0024-health-and-alerts.md).
 */
export const askStatus: AskStatus = (url, patienceMs) =>
  new Promise((resolve) => {
    const signal = AbortSignal.timeout(patienceMs);
    const options = { agent: false, signal, headers: { Connection: 'close' }, rejectUnauthorized: false } as const;
    const asked = (url.startsWith('https:') ? askSecure : askPlain)(url, options, (answer) => {
      resolve(answer.statusCode);
      answer.on('error', () => {});
      answer.destroy();
    });
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
