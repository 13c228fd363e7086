import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import type { ArmAnswer } from './arm-answer.ts';
import { armAnswer, describe, isStatus } from './arm-failure.ts';

/** What an input names, so that a 404 can say which of the inputs is wrong. */
export interface Sought {
  readonly code: NotFoundCode;
  readonly input: string;
  readonly value: string;
  /** In words: `scale set in resource group web`. */
  readonly what: string;
  /** The group, when it is an input of its own. */
  readonly group?: string;
}

export type NotFoundCode =
  | 'ResourceGroupNotFound'
  | 'ScaleSetNotFound'
  | 'GalleryNotFound'
  | 'ImageDefinitionNotFound'
  | 'SourceImageNotFound'
  | 'ImageVersionNotFound';

/** Names the input behind a 404; undefined when the error is another. */
export function notFound(error: unknown, { code, input, value, what, group }: Sought): Failure | undefined {
  if (!isStatus(error, 404)) return undefined;
  const answer = armAnswer(error);
  if (/Subscription/.test(answer.code ?? ''))
    return group === undefined ? unknown(input, value, answer, error) : undefined;
  const isGroup = group !== undefined && answer.code === 'ResourceGroupNotFound';
  const [wrong, shown, kind] = isGroup ? ['resourceGroupName', group, 'resource group'] : [input, value, what];
  return new Failure(
    isGroup ? 'ResourceGroupNotFound' : code,
    `Input "${wrong}" is "${harmlessLine(shown, 300)}", but there is no such ${kind}. Azure says: ${describe(answer)}`,
    isGroup ? groupHint : hints[code],
    { cause: error },
  );
}

/** An id may name any subscription; of names it is the connection's own. */
const unknown = (input: string, value: string, answer: ArmAnswer, cause: unknown) =>
  new Failure(
    'SubscriptionNotFound',
    `Input "${input}" is "${harmlessLine(value, 300)}", but its subscription is not known here. Azure says: ${describe(answer)}`,
    'Check the id, and that the identity of the service connection has a role in that subscription, too.',
    { cause },
  );

const groupHint =
  'Check the spelling, and that the resource group is in the subscription of the service connection: az group list --query "[].name".';

const hints: Readonly<Record<NotFoundCode, string>> = {
  ResourceGroupNotFound: groupHint,
  ScaleSetNotFound:
    'Check the spelling and the resource group, and that it is a scale set and not a single virtual machine: az vmss list --query "[].[resourceGroup, name]".',
  GalleryNotFound: 'Check the spelling and the resource group: az sig list --query "[].[resourceGroup, name]".',
  ImageDefinitionNotFound:
    'Check the spelling, or create it first (az sig image-definition create): it fixes operating system and generation for all its versions.',
  SourceImageNotFound:
    'Check the id. An image that BakeImage made in this run is its output imageId; one of an older run may have been deleted.',
  ImageVersionNotFound: 'Check the id; PublishGalleryVersion gives it as its output imageVersionId.',
};
