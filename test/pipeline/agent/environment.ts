import type { ServiceConnection } from './service-connection.ts';
import { environmentName, type Variables } from './variables.ts';

type Environment = Record<string, string>;

/** What a process needs of the host to run at all; nothing that steers networks, proxies or certificates. */
const passedOn = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR)$/,
  /^(SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|TEMP|TMP|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles)$/i,
];

/** The environment of an agent that was started clean. */
export function hostEnvironment(from: NodeJS.ProcessEnv): Environment {
  const kept = Object.entries(from).flatMap(([name, value]) =>
    value !== undefined && passedOn.some((pattern) => pattern.test(name)) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(kept);
}

/** Variables for any child: public ones by name (agent: Handler.AddVariablesToEnvironment). */
export function publicVariables(variables: Variables): Environment {
  const environment: Environment = {};
  for (const { name, value, secret, preserveCase } of variables.all()) {
    if (!secret) environment[environmentName(name, preserveCase)] = value;
    if (name.toLowerCase() === 'agent.jobstatus') environment[name] = value;
  }
  return environment;
}

/** Variables for a task: with the secret ones as `SECRET_*`, and the lists of names by which task-lib finds them. */
export function taskVariablesOf(variables: Variables): Environment {
  const environment = publicVariables(variables);
  const all = variables.all();
  for (const { name, value, secret, preserveCase } of all) {
    if (secret) environment[`SECRET_${environmentName(name, preserveCase)}`] = value;
  }
  environment['VSTS_PUBLIC_VARIABLES'] = JSON.stringify(all.filter(({ secret }) => !secret).map(({ name }) => name));
  environment['VSTS_SECRET_VARIABLES'] = JSON.stringify(all.filter(({ secret }) => secret).map(({ name }) => name));
  return environment;
}

export function inputEnvironment(values: ReadonlyMap<string, string>): Environment {
  return Object.fromEntries([...values].map(([name, value]) => [`INPUT_${environmentName(name)}`, value]));
}

/** `ENDPOINT_*` of one connection (agent: Handler.AddEndpointsToEnvironment). */
export function endpointEnvironment(connection: ServiceConnection): Environment {
  const { id, url, scheme, authorization, data } = connection;
  return {
    ...authorizationEnvironment(id, url, scheme, authorization),
    [`ENDPOINT_DATA_${id}`]: JSON.stringify(data),
    ...keyed(`ENDPOINT_DATA_${id}_`, data),
  };
}

/** The job's own connection to the service: it has no id, so it goes by its name and without data. */
export function systemConnection(url: string, accessToken: string): Environment {
  return authorizationEnvironment('SYSTEMVSSCONNECTION', url, 'OAuth', { AccessToken: accessToken });
}

/** What `settaskvariable` has left for the same task's later steps. */
export function taskVariableEnvironment(variables: Variables): Environment {
  return Object.fromEntries(
    variables.all().map(({ name, value }) => [`VSTS_TASKVARIABLE_${environmentName(name)}`, value]),
  );
}

function authorizationEnvironment(
  key: string,
  url: string,
  scheme: string,
  parameters: Readonly<Record<string, string>>,
): Environment {
  return {
    [`ENDPOINT_URL_${key}`]: url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
    ...keyed(`ENDPOINT_AUTH_PARAMETER_${key}_`, parameters),
  };
}

function keyed(prefix: string, values: Readonly<Record<string, string>>): Environment {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + environmentName(key), value]));
}
