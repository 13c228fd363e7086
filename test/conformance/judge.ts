import { type Exception, exceptions } from './exceptions.ts';
import { type Oav, openOav } from './oav.ts';
import { Documents, type Operation } from './operations.ts';
import { isPoll, ownFindings } from './own-rules.ts';
import { type Finding, type Pair, routeOf } from './pair.ts';
import { hasNoDocument, storedVersion } from './versions.ts';

/** What is wrong with one exchange, after the exceptions. */
export interface Verdict {
  /** The operation of the documents; undefined for an address that an answer has handed out. */
  readonly operation: string | undefined;
  readonly findings: readonly Finding[];
  readonly excused: readonly Exception[];
}

export type Judge = (pair: Pair) => Promise<Verdict>;

/** Opens the documents in a folder and gives what judges exchanges by them. */
export async function openJudge(folder: string): Promise<Judge> {
  const documents = new Documents(folder);
  const oav = await openOav(folder);
  return (pair) => judge(documents, oav, pair);
}

async function judge(documents: Documents, oav: Oav, pair: Pair): Promise<Verdict> {
  const sent = pair.query['api-version'] ?? '';
  const version = storedVersion(pair.path, sent);
  const operation = version && documents.find(pair.method, pair.path, version);
  if (isPoll(pair) || isRefusedAtTheDoor(pair) || hasNoDocument(pair.path))
    return { operation: undefined, findings: ownFindings(documents, undefined, pair), excused: [] };
  if (!version || !operation) return { operation: undefined, findings: [unknown(pair, sent, version)], excused: [] };
  const all = [...(await oav(atScope(pair, operation), version)), ...ownFindings(documents, operation, pair)];
  // who was refused may have asked wrongly: that is what the refusal is for
  const counted = all.filter(({ part }) => part === 'response' || pair.status < 400);
  const named = counted.map((finding) => ({ finding, by: excuse(finding, pair, operation) }));
  return {
    operation: operation.id,
    findings: named.filter(({ by }) => !by).map(({ finding }) => finding),
    excused: named.flatMap(({ by }) => by ?? []),
  };
}

/** To oav a scope is one segment of a path: it is shown that much of it. */
const atScope = (pair: Pair, { template }: Operation): Pair => {
  const rest = template.startsWith('/{scope}/') ? pair.path.lastIndexOf('/providers/') : 0;
  return { ...pair, path: rest > 0 ? `/scope${pair.path.slice(rest)}` : pair.path };
};

const excuse = (finding: Finding, pair: Pair, operation: Operation) =>
  exceptions.find(({ accepts }) => accepts(finding, pair, operation));

/** Without an api-version no document applies, and the gate has said so. */
const isRefusedAtTheDoor = ({ status, query }: Pair) => status >= 400 && !query['api-version'];

const unknown = ({ method, path }: Pair, sent: string, version?: string): Finding => ({
  part: 'request',
  code: version ? 'OPERATION_UNKNOWN' : 'VERSION_UNKNOWN',
  message: version
    ? `the documents of ${version} have no ${routeOf(method, path)}`
    : `which stored documents describe api-version ${sent}? versions.ts does not say`,
  at: '',
});
