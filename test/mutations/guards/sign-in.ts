import type { Group } from '../mutation.ts';

/** From a service connection to a token. */
export const signInGuards: readonly Group[] = [
  {
    file: 'tasks/common/sign-in/oidc.ts',
    tests: 'test/common/sign-in/oidc.test.ts',
    guards: [
      {
        guard: "the job's token goes to hosts of Azure DevOps alone",
        text: '  refuseForeignHost(connection.secret.oidc);\n',
        without: '',
        red: 'freshOidcToken does not show the token of the job to https://dev.azure.com.evil.example/oidctoken',
      },
      {
        guard: "the job's token goes over https alone",
        text: "url?.protocol === 'https:' && ",
        without: 'url && ',
        red: 'freshOidcToken does not show the token of the job to http://dev.azure.com/org/oidctoken',
      },
      {
        guard: 'a host only counts as a part of another behind a dot',
        text: 'host.endsWith(`.${domain}`)',
        without: 'host.endsWith(domain)',
        red: 'freshOidcToken does not show the token of the job to https://evildev.azure.com/oidctoken',
      },
      {
        guard: 'the OIDC endpoint is asked three times at most',
        text: 'const tries = 3;',
        without: 'const tries = 30;',
        red: 'freshOidcToken gives up after a third refusal',
      },
      {
        guard: 'the OIDC token is masked the moment it is there',
        text: '  options.mask(token);\n',
        without: '',
        red: 'freshOidcToken asks as the pipeline service wants to be asked, and hides both tokens',
      },
      {
        guard: 'an expired token of the job is refused in place of a redirect',
        text: "    'X-TFS-FedAuthRedirect': 'Suppress',\n",
        without: '',
        red: 'freshOidcToken asks as the pipeline service wants to be asked, and hides both tokens',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/oidc-retry.ts',
    tests: 'test/common/sign-in/oidc.test.ts',
    guards: [
      {
        guard: 'a cut connection does not end the asking for an OIDC token',
        text: '(status !== undefined && status !== 429 && status < 500)',
        without: '(status === undefined || (status !== 429 && status < 500))',
        red: 'freshOidcToken tries again after a connection that was cut: one in a long rollout must not end it',
      },
      {
        guard: 'the OIDC endpoint is not waited for longer than half a minute',
        text: "return afterMs > longestWaitMs ? { kind: 'giveUp' } : { kind: 'retry', afterMs };",
        without: "return { kind: 'retry', afterMs };",
        red: 'freshOidcToken gives up after a wait that is too long',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/credential.ts',
    tests: 'test/common/sign-in/credential.test.ts',
    guards: [
      {
        guard: 'each access token is masked the moment it is there',
        text: '      if (token) options.mask(token.token);\n',
        without: '',
        red: 'credentialFor signs in with a secret, and hides secret and token',
      },
      {
        guard: 'each exchange has a fresh OIDC token',
        text: '        made = undefined;\n',
        without: '',
        red: 'credentialFor asks for one fresh OIDC token at each exchange, long after the first has expired',
      },
      {
        guard: 'an exchange has one OIDC token, though MSAL asks twice',
        text: 'made ??= fresh();',
        without: 'made = fresh();',
        red: 'credentialFor asks for one fresh OIDC token at each exchange, long after the first has expired',
      },
      {
        guard: 'no redirect carries a secret away from the sign-in host',
        text: '    redirectOptions: { maxRetries: 0 },\n',
        without: '',
        red: 'credentialFor carries no secret to where it is redirected',
      },
      {
        guard: 'the public cloud is not asked about the hosts of a private one',
        text: '    disableInstanceDiscovery: true,\n',
        without: '',
        red: 'credentialFor asks no public cloud about the hosts of a private one',
      },
      {
        guard: 'the trouble of one try is not blamed for the next',
        text: '      trouble.forget();\n',
        without: '',
        red: 'credentialFor does not blame the trouble of the first try for the second',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/certificate.ts',
    tests: 'test/common/sign-in/certificate.test.ts',
    guards: [
      {
        guard: 'a key of another certificate is refused',
        text: "  if (!certificate.checkPrivateKey(key))\n    throw refuse('has a private key that belongs to another certificate', cures.pair);\n",
        without: '',
        red: 'readKeyPair refuses the key of another, and shows nothing of it',
      },
      {
        guard: 'a certificate out of its time is refused',
        text: '  refuseOutOfTime(certificate, now, refuse);\n',
        without: '',
        red: 'readKeyPair refuses an expired certificate, and shows nothing of it',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/client-assertion.ts',
    tests: 'test/common/sign-in/certificate-sign-in.test.ts',
    guards: [
      {
        guard: "a certificate's assertion is masked the moment it is there",
        text: '  mask(assertion);\n',
        without: '',
        red: 'sign-in by certificate is let in, and hides assertion and token',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/metadata-retry.ts',
    tests: 'test/common/sign-in/managed-identity.test.ts',
    guards: [
      {
        guard: 'a metadata service that is not there is given up soon',
        text: '(status === undefined && attempt >= silentTries)',
        without: '(status === undefined && attempt >= 10 * silentTries)',
        red: 'nextMetadataTry and not for long',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/metadata-send.ts',
    tests: 'test/common/sign-in/managed-identity.test.ts',
    guards: [
      {
        guard: "the metadata service is asked past the agent's proxy and Node's own",
        text: '    request.agent = agent;\n',
        without: '    void agent;\n',
        red: 'sign-in by managed identity never goes through a proxy, neither the agent’s nor that of Node’s global agent',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/kept-tokens.ts',
    tests: 'test/common/sign-in/credential.test.ts',
    guards: [
      {
        guard: 'clients that start together sign in once',
        text: 'before.then(() => ask(scopes, options))',
        without: 'ask(scopes, options)',
        red: 'credentialFor asks once for all clients that start together',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/kept-tokens.ts',
    tests: 'test/common/sign-in/managed-identity.test.ts',
    guards: [
      {
        guard: "a machine's token is renewed before it ends",
        text: 'known.expiresOnTimestamp - clock.now() > renewBeforeMs',
        without: 'known.expiresOnTimestamp > 0',
        red: 'sign-in by managed identity keeps a token until five minutes before its end, one for each audience',
      },
    ],
  },
  {
    file: 'tasks/common/sign-in/subscription.ts',
    tests: 'test/common/sign-in/subscription.test.ts',
    guards: [
      {
        guard: 'an input does not lead into another subscription than that of the connection',
        text: '  if (own && given && own.toLowerCase() !== given.toLowerCase()) throw twoSubscriptions(name, own, given);\n',
        without: '  void twoSubscriptions;\n',
        red: 'chooseSubscription refuses two that differ',
      },
    ],
  },
];
