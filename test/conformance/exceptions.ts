import type { Json } from '../azure/core/http.ts';
import { object } from '../azure/core/json.ts';
import type { Operation } from './operations.ts';
import type { Finding, Pair } from './pair.ts';

/** A deviation that we accept, and why. Ten at most; one that nothing needs fails the suite. */
export interface Exception {
  readonly name: string;
  readonly because: string;
  readonly accepts: (finding: Finding, pair: Pair, operation: Operation) => boolean;
}

export const exceptions: readonly Exception[] = [
  {
    name: 'errors that a document leaves out',
    because:
      'disks, run commands and documents of 2018 declare successes only; our own rule looks at the envelope of their errors',
    accepts: ({ code, part }, { status }, { definition }) =>
      part === 'response' && code === 'INVALID_RESPONSE_CODE' && status >= 400 && !declaresErrors(definition),
  },
  {
    name: 'what was read is written back',
    because:
      'clients read a network resource, change it and PUT all of it, whole parts where a reference is meant; Resource Manager ignores the read-only members in it, and takes the id of a part',
    accepts: ({ code, part, at }, { path }) =>
      part === 'request' &&
      (code === 'READONLY_PROPERTY_NOT_ALLOWED_IN_REQUEST' ||
        (code === 'OBJECT_ADDITIONAL_PROPERTIES' && partInPlaceOfId.test(at))) &&
      /\/providers\/Microsoft\.Network\//i.test(path),
  },
  {
    name: 'sizes newer than the list',
    because: "the document's list of machine sizes ends in 2018 and says of itself that it is deprecated",
    accepts: ({ code, at }) => code === 'ENUM' && /\/hardwareProfile\/vmSize$/.test(at),
  },
  {
    name: 'az writes in lower case',
    because:
      'Azure CLI sends the mode of a deployment and the distribution of a rule in lower case, and Resource Manager takes them',
    accepts: ({ code, part, at }) =>
      part === 'request' && code === 'ENUM_CASE_MISMATCH' && /\/properties\/(mode|loadDistribution)$/.test(at),
  },
];

const partInPlaceOfId = /\/(frontendIPConfiguration|backendAddressPool|probe)\/(name|etag|properties)$/;

const declaresErrors = (definition: Json): boolean =>
  Object.keys(object(definition['responses'])).some((status) => status === 'default' || Number(status) >= 400);
