import type { Group } from '../mutation.ts';

/** The way out of the machine. */
export const networkGuards: readonly Group[] = [
  {
    file: 'tasks/common/network/network-policy.ts',
    tests: 'test/common/network/network-policy.test.ts',
    guards: [
      {
        guard: 'the metadata address is asked past any proxy',
        text: "url.hostname === '169.254.169.254' || ",
        without: '',
        red: 'isBypassed never asks a proxy for the metadata address',
      },
      {
        guard: 'loopback is reached past the proxy',
        text: ' || isLoopback(url.hostname)) return true;',
        without: ') return true;',
        red: 'networkPolicy on a direct way does not use the proxy for loopback',
      },
      {
        guard: "the agent's bypass list counts",
        text: '(proxy?.bypass ?? []).some(',
        without: '([] as readonly string[]).some(',
        red: 'isBypassed matches anywhere in scheme and host',
      },
      {
        guard: 'nothing is sent unencrypted',
        text: "      if (url.protocol !== 'https:') throw notHttps(url);\n",
        without: '',
        red: 'networkPolicy on a direct way sends nothing unencrypted',
      },
      {
        guard: "the agent's certificate authority is added to the known ones and does not replace them",
        text: '=> [...trustedAnyway(), caPem];',
        without: '=> [caPem];',
        red: "networkPolicy on a direct way adds the agent's authority to those that are trusted anyway",
      },
      {
        guard: 'a CA file without a certificate is refused',
        text: '  refuseNoCertificate(caPem);\n',
        without: '',
        red: 'networkPolicy on a direct way refuses a CA file without a certificate in it',
      },
      {
        guard: 'certificates of no known authority are refused',
        text: 'const checked = { rejectUnauthorized: true } as const;',
        without: 'const checked = { rejectUnauthorized: false } as const;',
        red: 'networkPolicy on a direct way trusts no other',
      },
      {
        guard: 'certificates are checked whatever the machine is told',
        text: 'timeout: patience.silenceMs, ...checked,',
        without: 'timeout: patience.silenceMs,',
        red: 'networkPolicy on a direct way trusts no other where NODE_TLS_REJECT_UNAUTHORIZED is 0',
      },
      {
        guard: 'certificates are checked behind the proxy, whatever the machine is told',
        text: '{ ...options, ...checked, ',
        without: '{ ...options, ',
        red: "networkPolicy through the agent's proxy trusts nobody unknown behind the proxy, even where NODE_TLS_REJECT_UNAUTHORIZED is 0",
      },
      {
        guard: 'a call whose answer does not begin is given up',
        text: '      request.timeout ||= patience.answerMs;\n',
        without: '',
        red: 'networkPolicy on a direct way gives a call up whose answer does not begin',
      },
      {
        guard: 'a silent connection is broken off',
        text: "  socket.setTimeout(silenceMs, () => socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' })));\n",
        without: '  Object.assign(error, { socket });\n',
        red: 'networkPolicy on a direct way breaks a connection off over which nothing comes',
      },
      {
        guard: "user and password of the agent's proxy are sent to it",
        text: '  if (password !== undefined) parsed.password = encodeURIComponent(password);\n',
        without: '',
        red: "networkPolicy through the agent's proxy takes ARM, sign-in and OIDC calls alike, whatever HTTPS_PROXY says",
      },
    ],
  },
  {
    file: 'tasks/common/azure/retry.ts',
    tests: 'test/common/azure/connect.test.ts',
    guards: [
      {
        guard: 'a call is tried a bounded number of times',
        text: 'export const maxRetries = 4;',
        without: 'export const maxRetries = 40;',
        red: 'connect gives up reading after five calls',
      },
      {
        guard: 'a Retry-After has a ceiling',
        text: 'return wait > longestWaitMs ? { errorToThrow: tooLong(response, wait) } : { retryAfterInMs: wait };',
        without: 'return { retryAfterInMs: wait };',
        red: 'connect does not wait a quarter of an hour because it is asked to',
      },
      {
        guard: 'a write behind a failed answer is not repeated',
        text: 'return transient && isRead(response.request.method) ?',
        without: 'return transient ?',
        red: 'connect never repeats a write whose answer is 504',
      },
      {
        guard: 'a write whose answer is lost is not repeated',
        text: "(brokeOff.has(code) && isRead(error?.request?.method ?? ''))",
        without: 'brokeOff.has(code)',
        red: 'connect never repeats a write whose answer is lost',
      },
      {
        guard: 'a call that was turned away waits as long as it is asked to',
        text: 'return asked ?? backoff;\n  const transient',
        without: 'return backoff;\n  const transient',
        red: 'connect reads again what it could not read',
      },
    ],
  },
  {
    file: 'tasks/common/azure/foreign-answer.ts',
    tests: 'test/common/azure/connect.test.ts',
    guards: [
      {
        guard: 'an operation of a gallery counts as one',
        text: '(?:caps|disk)?operation',
        without: 'operation',
        red: 'connect keeps the details of an operation that was accepted and then failed, at capsOperations',
      },
    ],
  },
  {
    file: 'tasks/common/azure/answer-policy.ts',
    tests: 'test/common/azure/connect.test.ts',
    guards: [
      {
        guard: 'an operation is polled within five minutes, whatever Azure asks for',
        text: "      response.headers.set('Retry-After', String(longestWaitMs / 1_000));\n",
        without: '',
        red: 'connect polls an operation at least every five minutes, whatever it is asked',
      },
      {
        guard: 'an operation that was accepted and then failed keeps its reason',
        text: '    if (hasFailed(response)) throw refusal(response, undefined);\n',
        without: '',
        red: 'connect keeps the details of an operation that was accepted and then failed, at operations',
      },
    ],
  },
  {
    file: 'tasks/common/azure/connect.ts',
    tests: 'test/common/azure/connect.test.ts',
    guards: [
      {
        guard: 'no redirect carries a token away',
        text: '    redirectOptions: { maxRetries: 0 },\n',
        without: '',
        red: 'connect follows no redirect with its token',
      },
    ],
  },
  {
    file: 'tasks/common/azure/connect.ts',
    tests: 'test/common/azure/permissions.test.ts',
    guards: [
      {
        guard: 'a token goes to Resource Manager alone, wherever an answer says that it goes on',
        text: '    if (hostname !== own && !hostname.endsWith(`.${own}`)) throw foreignAddress(hostname);\n',
        without: '',
        red: 'reading rights and locks does not send its token to another host that an answer names',
      },
    ],
  },
  {
    file: 'tasks/common/azure/read-list.ts',
    tests: 'test/common/azure/permissions.test.ts',
    guards: [
      {
        guard: 'a list that goes on for ever is cut off',
        text: 'pages === mostPages',
        without: 'pages === 10 * mostPages',
        red: 'reading rights and locks ends although an answer always goes on',
      },
    ],
  },
  {
    file: 'tasks/common/azure/permissions.ts',
    tests: 'test/common/azure/permissions.test.ts',
    guards: [
      {
        guard: 'what a role takes back is not given by it',
        text: ' && !notActions.some((pattern) => matches(pattern, action)),',
        without: ',',
        red: 'permits not what the role takes back',
      },
    ],
  },
];
