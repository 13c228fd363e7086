import type { NetworkSettings, ProxySettings } from '../network/network-settings.ts';
import { noProxy } from './no-proxy.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values by their name in a template without its prefix: `client_id`, `client_secret`, `oidc_request_url`, … */
export type Credentials = Readonly<Record<string, string>>;

export interface EnvironmentParts {
  /** The task's own environment. */
  readonly inherited: Environment;
  readonly credentials: Credentials;
  readonly network: NetworkSettings;
  /** A file with all authorities to trust; undefined when the machine's own will do. */
  readonly caFile?: string | undefined;
}

/**
 * The environment of Packer. Credentials come under two names: `ARM_CLIENT_ID` for JSON templates, which read the
 * environment with `{{env `ARM_CLIENT_ID`}}`, and `PKR_VAR_arm_client_id`, which fills an HCL2 variable of that name.
 * A name that a template does not declare is ignored by Packer.
 */
export function packerEnvironment({
  inherited,
  credentials,
  network,
  caFile,
}: EnvironmentParts): Record<string, string> {
  return {
    ...cleared(inherited, network.proxy !== undefined),
    ...credentialVariables(credentials),
    ...(network.proxy && proxyVariables(network.proxy)),
    ...(caFile !== undefined && { SSL_CERT_FILE: caFile }),
    CHECKPOINT_DISABLE: '1', // no call home for news about versions
    PACKER_NO_COLOR: '1',
  };
}

function credentialVariables(credentials: Credentials): Record<string, string> {
  const pairs = Object.entries(credentials).flatMap(([name, value]) => [
    [`ARM_${name.toUpperCase()}`, value],
    [`PKR_VAR_arm_${name}`, value],
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

/**
 * Secrets by which the agent itself was configured, where it runs as a container or unattended (azure-pipelines-agent
 * `VstsAgentWebProxy.cs`, `CommandSettings.cs`; learn.microsoft.com/azure/devops/pipelines/agents/docker).
 */
const ofTheAgent = /^(VSTS_HTTP_PROXY.*|VSTS_AGENT_INPUT_.*|AZP_TOKEN.*)$/i;

/**
 * Names of the agent's machine that would mislead Packer: another identity or cloud (all of `ARM_*`, and the plugin
 * reads `ARM_METADATA_URL` by itself), a debug log on disk, the marks of an outer Packer. Other `PKR_VAR_*` and
 * `PACKER_*` are the author's.
 */
const misleading =
  /^(ARM_.*|PKR_VAR_arm_.*|PACKER_LOG(_PATH)?|PACKER_RUN_UUID|PACKER_WRAP_COOKIE|PACKER_PLUGIN_MAGIC_COOKIE)$/i;
const proxyNames = /^(HTTPS?_PROXY|NO_PROXY|ALL_PROXY)$/i;

function cleared(inherited: Environment, agentHasProxy: boolean): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    ([name]) => !misleading.test(name) && !ofTheAgent.test(name) && !(agentHasProxy && proxyNames.test(name)),
  );
  return Object.fromEntries(kept.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Where Packer asks for the token of a managed identity: link-local, so no proxy can reach it. */
const metadataHost = '169.254.169.254';

/** Go reads the proxy from the environment; 127.0.0.1 and localhost always go direct (net/http ProxyFromEnvironment). */
function proxyVariables(proxy: ProxySettings): Record<string, string> {
  const url = proxyUrl(proxy);
  const { hosts } = noProxy(proxy.bypass);
  return { HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: [...hosts, metadataHost].join(',') };
}

/** The proxy's address with user and password inside, which is the only way that Go takes them. */
export function proxyUrl({ url, username, password }: ProxySettings): string {
  const address = new URL(url);
  if (username !== undefined) address.username = encodeURIComponent(username);
  if (password !== undefined) address.password = encodeURIComponent(password);
  return address.href.replace(/\/$/, '');
}
