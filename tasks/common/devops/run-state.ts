/** Where the pipeline service of this job is, and the job's own token. */
export interface PipelineService {
  /** `https://dev.azure.com/contoso`; no slash at the end. */
  readonly collection: string;
  readonly projectId: string;
  readonly accessToken: string;
}

/** What Azure DevOps says of a run, or why it could not be asked. */
export type RunState =
  | { readonly kind: 'ended'; readonly says: string }
  | { readonly kind: 'running'; readonly says: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Asks what became of a run, by the id that stands in records. Never throws for what Azure DevOps answers. */
export type AskRun = (run: string) => Promise<RunState>;

/**
 * The address to ask at. It is made of this job's own collection and project and of nothing that a record says but a
 * number: the job's token goes where it belongs, whatever somebody wrote into a tag.
 */
export function addressOf(
  run: string,
  { collection, projectId }: PipelineService,
): { readonly url: string } | { readonly why: string } {
  const [, place = '', kind, id] = /^(.*)\/(build|release)\/(\d{1,12})$/.exec(run) ?? [];
  if (id === undefined) return { why: 'its id is none of Azure DevOps' };
  const own = `${collection}/${projectId}`;
  if (place.toLowerCase() !== own.toLowerCase()) return { why: `it belongs to ${place}, and this job to ${own}` };
  if (kind === 'release') return { why: 'it is a classic release, and only pipeline runs are asked for' };
  return { url: `${own}/_apis/build/builds/${id}?api-version=7.1` };
}

/** BuildStatus as https://learn.microsoft.com/rest/api/azure/devops/build/builds/get has it. */
const running = ['inprogress', 'cancelling', 'postponed', 'notstarted'];

/** What a build's document says. A word that nobody knows says nothing. */
export function stateIn(body: string | undefined): RunState {
  const { status, result } = fieldsIn(body ?? '');
  if (typeof status !== 'string') return { kind: 'unknown', why: 'the answer of Azure DevOps is no run' };
  if (status.toLowerCase() === 'completed')
    return { kind: 'ended', says: typeof result === 'string' ? `completed, ${result}` : 'completed' };
  if (running.includes(status.toLowerCase())) return { kind: 'running', says: status };
  return { kind: 'unknown', why: `Azure DevOps calls it "${status.slice(0, 50)}"` };
}

function fieldsIn(body: string): { readonly status?: unknown; readonly result?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
