import { ArmError } from '../core/arm-errors.ts';
import type { Answer, Request } from '../core/http.ts';

/** The address of the metadata service on every Azure machine. */
export const metadataHost = '169.254.169.254';

/**
 * Why the service does not answer at all: it wants its header, so that no request gets there by mistake, and no proxy in
 * between (Microsoft Learn, instance-metadata-service).
 */
export function whyRefused({ headers, apiVersion }: Request): string | undefined {
  if (headers['metadata']?.toLowerCase() !== 'true') return 'Required metadata header not specified';
  if (headers['x-forwarded-for'] !== undefined) return 'Request contains an X-Forwarded-For header';
  return apiVersion === '' ? "Required query variable 'api-version' is missing" : undefined;
}

/** What the service says of a bad request, but for tokens, which have a form of their own. */
export const refused = (why: string): Answer => ({ status: 400, body: { error: `Bad request. ${why}` } });

/** There is nothing by this name on this machine. */
export const nothingHere = () => new ArmError(404, 'NotFound', 'Not found');
