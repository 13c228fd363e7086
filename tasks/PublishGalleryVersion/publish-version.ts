import type { Agent } from '../common/agent/agent.ts';
import type { Azure } from '../common/azure/connect.ts';
import { type GalleryVersion, readDefinition, requireGallery } from '../common/azure/gallery.ts';
import { mergeRegions, regionKey, withHome } from '../common/azure/gallery-regions.ts';
import { isSelf, misfits, readSource, type Source } from '../common/azure/gallery-source.ts';
import { formatImageVersionId, type ImageVersionId } from '../common/azure/resource-id.ts';
import type { Clock } from '../common/clock.ts';
import { Failure } from '../common/failure.ts';
import type { PublishRequest } from './inputs.ts';
import { missingReplicas, nextPublishStep, type Wanted } from './next-publish-step.ts';
import { patientLook } from './patient-look.ts';
import { assertMayPublish } from './publish-rights.ts';
import { howFar, lookAgainMs, overallPercent, replicationNews, type Said } from './replication-story.ts';
import { type VersionWriter, versionWriter, type Write } from './version-writer.ts';

export interface PublishTools {
  readonly azure: Azure;
  readonly clock: Clock;
  readonly agent: Pick<Agent, 'log' | 'progress' | 'cancelled'>;
}

export interface Published {
  readonly id: string;
  readonly version: string;
  readonly regions: readonly string[];
  readonly sourceId: string;
  readonly excludeFromLatest: boolean;
  /** What this run did; empty when there was nothing to do. */
  readonly done: readonly string[];
  readonly durationMs: number;
}

/** Brings a gallery version to every region that was asked for, and returns when it is there. */
export async function publishVersion(request: PublishRequest, tools: PublishTools): Promise<Published> {
  const startedAt = tools.clock.now();
  const source = await check(request, tools);
  const wanted = { sourceId: source.id, regions: withHome(request.regions, source.location) };
  const over = new AbortController();
  const content = { location: source.location, sourceId: source.id, excludeFromLatest: request.excludeFromLatest };
  const writer = versionWriter(tools.azure, request.version, content, over.signal);
  try {
    const { seen, done } = await untilReplicated({ request, wanted, writer, startedAt }, tools);
    return {
      id: seen.id,
      version: request.version.version,
      regions: seen.regions.map(({ name }) => regionKey(name)),
      sourceId: seen.sourceId,
      excludeFromLatest: seen.excludeFromLatest,
      done,
      durationMs: tools.clock.now() - startedAt,
    };
  } finally {
    over.abort();
  }
}

/** All that can be known before anything is written. */
async function check({ version, source: sourceId }: PublishRequest, { azure, agent }: PublishTools): Promise<Source> {
  if (isSelf(sourceId, formatImageVersionId(version))) throw selfSource(sourceId.id);
  await assertMayPublish(azure, version, sourceId, agent.log.warning);
  await requireGallery(azure, version);
  const definition = await readDefinition(azure, version);
  const source = await readSource(azure, sourceId);
  const problems = misfits(definition, source.traits);
  if (problems.length > 0) throw misfit(version, problems);
  return source;
}

interface Run {
  readonly request: PublishRequest;
  readonly wanted: Wanted;
  readonly writer: VersionWriter;
  readonly startedAt: number;
}

/** Look at the version, take one step, look again; it ends by success, by a failure, by its deadline or by a cancel. */
async function untilReplicated(
  run: Run,
  tools: PublishTools,
): Promise<{ seen: GalleryVersion; done: readonly string[] }> {
  const { request, wanted, writer, startedAt } = run;
  const { clock, agent } = tools;
  const deadline = startedAt + request.timeoutInMinutes * 60_000;
  const done: string[] = [];
  let said: Said = new Map();
  for (let first = true; ; first = false) {
    // What can't be seen at first is not waited for: nothing is under way that anybody knows of.
    const seen = await patientLook(request, tools, { since: startedAt, deadline: first ? startedAt : deadline });
    if (seen && first) sayWhatStays(seen, run, tools);
    if (seen) said = tell(said, seen, tools);
    throwOwnFailure(seen, writer);
    const step = nextPublishStep(seen, wanted);
    if (step.kind === 'done' && seen) return { seen, done };
    if (agent.cancelled.aborted) throw cancelled(request.version, seen, done.length > 0);
    if (clock.now() >= deadline) throw overdue(request, seen, wanted);
    if (step.kind === 'create' || step.kind === 'addRegions') done.push(...(await write(step, seen, run, tools)));
    await clock.sleep(lookAgainMs(clock.now() - startedAt), agent.cancelled);
  }
}

/** What of the wish is not done to a version that exists. */
function sayWhatStays(seen: GalleryVersion, { request, wanted }: Run, { agent }: PublishTools): void {
  agent.log.line(`Version ${request.version.version} exists already (${seen.state})`);
  for (const kept of mergeRegions(seen.regions, wanted.regions).kept)
    agent.log.line(`${kept}: replicas are never taken away`);
  if (seen.excludeFromLatest === request.excludeFromLatest) return;
  agent.log.warning(
    `excludeFromLatest of the existing version is ${seen.excludeFromLatest} and stays so; change it with az sig image-version update.`,
  );
}

function tell(said: Said, seen: GalleryVersion, { agent }: PublishTools): Said {
  const next = replicationNews(said, seen);
  for (const sentence of next.news) agent.log.line(sentence);
  if (next.news.length > 0) agent.progress(overallPercent(seen), 'Replicating');
  return next.said;
}

/** The operation knows why, where the version only says that; a failed region says it best and comes from the version. */
function throwOwnFailure(seen: GalleryVersion | undefined, writer: VersionWriter): void {
  const failure = writer.failure();
  if (!failure) return;
  if (!seen || (seen.state === 'Failed' && !seen.replicas.some(({ state }) => state === 'Failed'))) throw failure;
}

async function write(
  step: Write,
  seen: GalleryVersion | undefined,
  { request, wanted, writer }: Run,
  { agent }: PublishTools,
): Promise<readonly string[]> {
  const what = step.kind === 'create' ? [`created from ${wanted.sourceId}`] : step.changes;
  const outcome = await writer.write(step, seen);
  if (outcome === 'underWay') return [];
  const { version, gallery, definition } = request.version;
  agent.log.line(
    outcome === 'accepted'
      ? `Version ${version} of ${gallery}/${definition}: ${what.join(', ')}; regions: ${step.regions.map(({ name }) => regionKey(name)).join(', ')}`
      : `Azure's answer to the write of ${version} is missing or was a conflict: looking at the version again`,
  );
  return outcome === 'accepted' ? what : [];
}

const selfSource = (id: string) =>
  new Failure(
    'ContradictoryInputs',
    `Input "sourceImageId" is "${id}", the very version that is to be published`,
    'Give the image that the version is to be made of.',
  );

const misfit = ({ gallery, definition }: ImageVersionId, problems: readonly string[]) =>
  new Failure(
    'SourceDoesNotFit',
    `The source does not fit ${gallery}/${definition}: ${problems.join('; ')}`,
    'Publish to a definition that fits, or bake another image.',
  );

function cancelled({ version }: ImageVersionId, seen: GalleryVersion | undefined, wrote: boolean): Failure {
  const goesOn = seen || wrote;
  return new Failure(
    'Cancelled',
    goesOn
      ? `Waiting for version ${version} was cancelled; Azure goes on replicating it`
      : `Cancelled before version ${version} was published`,
    goesOn ? 'Run the task again with the same inputs to go on waiting.' : '',
  );
}

function overdue(
  { version, timeoutInMinutes }: PublishRequest,
  seen: GalleryVersion | undefined,
  wanted: Wanted,
): Failure {
  const missing = seen
    ? missingReplicas(seen, wanted).map((replica) => `${replica.region} (${howFar(replica)})`)
    : ['the version itself'];
  return new Failure(
    'DeadlineExceeded',
    `Version ${version.version} is not whole after ${timeoutInMinutes} minutes; missing: ${missing.join(', ') || 'nothing, but Azure has not finished it'}`,
    'Azure goes on by itself. Run the task again with the same inputs to go on waiting, or raise "timeoutInMinutes".',
  );
}
