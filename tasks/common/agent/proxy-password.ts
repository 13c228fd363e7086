/**
 * The secrets of the agent's own network. As it is loaded, task-lib prints what is still in the environment of them and
 * writes the key to them into a file of the temp folder (`internal.js`, `_exposeProxySettings`, `_exposeCertSettings`). So
 * this file is imported before it.
 */
export const proxyPassword = taken('SECRET_AGENT_PROXYPASSWORD');

/** Of a client certificate, which no call of ours shows. */
taken('SECRET_AGENT_CLIENTCERTPASSWORD');

function taken(name: string): string | undefined {
  const value = process.env[name];
  delete process.env[name];
  return value;
}
