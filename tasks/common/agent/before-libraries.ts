/**
 * What has to be taken out of the environment before any library is loaded, because libraries print it or follow it. So this
 * file is imported before all others.
 *
 * As it is loaded, task-lib prints the secrets of the agent's own network and writes the key to them into a file of the temp
 * folder (`internal.js`, `_exposeProxySettings`, `_exposeCertSettings`).
 */
export const proxyPassword = taken('SECRET_AGENT_PROXYPASSWORD');

/** Of a client certificate, which no call of ours shows. */
taken('SECRET_AGENT_CLIENTCERTPASSWORD');

/** A variable of the pipeline is one of the environment as well; with this one `https-proxy-agent` prints how it signs in. */
export const debugWish = taken('DEBUG');

/** With these the Azure SDK signs in at the host of a region, and not at the one that the connection names. */
for (const name of ['AZURE_REGIONAL_AUTHORITY_NAME', 'MSAL_FORCE_REGION']) taken(name);

function taken(name: string): string | undefined {
  const value = process.env[name];
  delete process.env[name];
  return value;
}
