import type { Answer, Request } from '../core/http.ts';
import type { World } from '../core/world.ts';
import { notSignedIn, noVersion, oddVersion, problem } from './oidc.ts';
import type { Build } from './state.ts';

/**
 * `GET {collection}/{project}/_apis/build/builds/{id}`: one run of a pipeline.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
export function getBuild(world: World, request: Request): Answer {
  const place = placeOf(world, request);
  if (place === undefined) return notSignedIn(request);
  if (request.apiVersion === '') return noVersion('GET');
  if (!/^7\.[0-2](-preview(\.\d+)?)?$/.test(request.apiVersion)) return oddVersion(request.apiVersion);
  const { organization, project, build: id } = request.params;
  const asked = `/${organization}/${project}/`.toLowerCase();
  // A token that is limited to its project sees nothing of others, not even that it may not (page "job authorization scope").
  const build = asked.startsWith(place)
    ? world.signIn.builds.get(`${organization}/${project}/${id}`.toLowerCase())
    : undefined;
  if (!build) return noSuchBuild(id ?? '');
  return world.signIn.jobsSeeBuilds ? { status: 200, body: buildBody(request, build) } : mayNotSee();
}

/** What the paths begin with that the job's token opens: its organization and project; undefined for a stranger. */
function placeOf(world: World, request: Request): string | undefined {
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const job = token === undefined ? undefined : world.signIn.jobs.get(token);
  if (!job) return undefined;
  return job.allJobs ? job.requestPath : `/${job.requestPath.split('/').slice(1, 3).join('/')}/`;
}

const buildBody = ({ url, params }: Request, { id, buildNumber, status, result }: Build) => ({
  id,
  buildNumber,
  status,
  ...(result !== undefined && { result }),
  url: `${url.origin}${url.pathname}`,
  project: { id: params['project'] },
});

/** The sentence is that of the service; the code of a missing right is own. */
const noSuchBuild = (id: string): Answer => ({
  status: 404,
  body: problem(`The requested build ${id} could not be found.`, 'BuildNotFoundException'),
});

const mayNotSee = (): Answer => ({
  status: 403,
  body: problem('Access denied. The build service needs View builds permissions.', 'AccessDeniedException'),
});
