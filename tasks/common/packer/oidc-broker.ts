import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A loopback endpoint that hands fresh tokens to Packer, for as long as the build takes. */
export interface OidcBroker {
  /** `oidc_request_url` of the Azure plugin. */
  readonly url: string;
  /** `oidc_request_token`: the secret that the caller must show. */
  readonly token: string;
  close(): Promise<void>;
}

/** The only audience that Azure DevOps puts into its tokens (pipelines.md §7). */
const audience = 'api://AzureADTokenExchange';

/**
 * The Azure plugin asks for a token the GitHub way: GET with an audience, a bearer, `{"value": …}` back, again at each
 * refresh. Azure DevOps only takes POST and answers in another shape, so the plugin can't ask it (packer-plugin-azure
 * issue 507), and a token handed over once is dead after an hour. This broker translates; it listens on 127.0.0.1 only.
 */
export async function startOidcBroker(
  freshToken: () => Promise<string>,
  onProblem: (text: string) => void,
): Promise<OidcBroker> {
  const token = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    void answer(request, token, freshToken, onProblem).then((reply) => send(response, reply));
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/oidc-token`, token, close: () => close(server) };
}

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

async function answer(
  request: IncomingMessage,
  token: string,
  freshToken: () => Promise<string>,
  onProblem: (text: string) => void,
): Promise<Reply> {
  const refused = refusal(request, token);
  if (refused) return refused;
  try {
    return { status: 200, body: { value: await freshToken() } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProblem(`Packer asked for a fresh OIDC token and got none: ${reason}`);
    return { status: 502, body: { error: 'Azure DevOps gave no OIDC token; the task log says why' } };
  }
}

function refusal(request: IncomingMessage, token: string): Reply | undefined {
  if (!isBearer(request.headers.authorization ?? '', token))
    return { status: 401, body: { error: 'wrong bearer token' } };
  const [path, base] = [request.url ?? '/', 'http://127.0.0.1'];
  const url = URL.canParse(path, base) ? new URL(path, base) : undefined; // `//` is none, and must end nobody's process
  if (url?.pathname !== '/oidc-token') return { status: 404, body: { error: 'no such path' } };
  if (request.method !== 'GET') return { status: 405, body: { error: 'only GET' } };
  const wanted = url.searchParams.get('audience') ?? audience;
  return wanted === audience
    ? undefined
    : { status: 400, body: { error: `Azure DevOps issues tokens for ${audience} only` } };
}

function isBearer(header: string, token: string): boolean {
  const given = Buffer.from(header);
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

const listen = (server: Server) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

const close = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
