type Environment = Readonly<Record<string, string>>;

/** What the agent sets for every step, over the bare system: no proxy variable, no token, nothing of the test's own. */
export function parentEnvironment(workFolder: string, tempFolder: string): Environment {
  const system = ['PATH', 'LANG', 'SystemRoot', 'windir', 'COMSPEC', 'PATHEXT'];
  const kept = system.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries(kept),
    HOME: tempFolder,
    USERPROFILE: tempFolder,
    AGENT_TEMPDIRECTORY: tempFolder,
    AGENT_WORKFOLDER: workFolder,
    AGENT_VERSION: '4.248.0',
    SYSTEM_DEFAULTWORKINGDIRECTORY: workFolder,
  };
}

/** `{ vmssName: 'web' }` → `INPUT_VMSSNAME=web` (azure-pipelines-agent `Handler.cs`). */
export function asInputs(inputs: Environment): Environment {
  return prefixed('INPUT_', inputs, (name) => name.replaceAll(' ', '_').toUpperCase());
}

/** `{ 'System.JobId': 'x' }` → `SYSTEM_JOBID=x`. */
export function asVariables(variables: Environment): Environment {
  return prefixed('', variables, (name) => name.replaceAll(/[. ]/g, '_').toUpperCase());
}

export interface Endpoint {
  readonly id: string;
  readonly url?: string;
  readonly scheme: string;
  /** Of the authorisation: `serviceprincipalid`, `tenantid`, … */
  readonly parameters: Environment;
  /** Of the connection: `subscriptionId`, `environment`, … */
  readonly data?: Environment;
}

/** A service connection as the agent hands it to a task (pipelines.md §5). */
export function asEndpoint({ id, url, scheme, parameters, data = {} }: Endpoint): Environment {
  const upper = (name: string) => name.toUpperCase();
  return {
    ...(url === undefined ? {} : { [`ENDPOINT_URL_${id}`]: url }),
    [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${id}`]: scheme,
    ...prefixed(`ENDPOINT_AUTH_PARAMETER_${id}_`, parameters, upper),
    ...prefixed(`ENDPOINT_DATA_${id}_`, data, upper),
  };
}

function prefixed(prefix: string, values: Environment, rename: (name: string) => string): Environment {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${rename(name)}`, value]));
}
