import type { Group } from '../mutation.ts';

/** What is read from the agent and told to it. */
export const agentGuards: readonly Group[] = [
  {
    file: 'tasks/common/agent/masks.ts',
    tests: 'test/common/agent/masks.test.ts',
    guards: [
      {
        guard: 'a secret of several lines is masked line by line',
        text: 'secret.split(/\\r?\\n|\\r/)',
        without: '[secret]',
        red: 'maskedForms hides each line of a key, but not its borders',
      },
      {
        guard: 'a secret is masked in the form that JSON gives it',
        text: 'return [line, line.trim(), json,',
        without: 'return [line, line.trim(),',
        red: 'maskedForms hides what JSON makes of it',
      },
      {
        guard: 'a secret is masked in the form that an address gives it',
        text: ", encodeURIComponent(line.replace(/\\p{Surrogate}/gu, '\\ufffd'))]",
        without: ']',
        red: 'maskedForms hides what an URL makes of it',
      },
    ],
  },
  {
    file: 'tasks/common/agent/read-connection.ts',
    tests: 'test/common/agent/read-connection.test.ts',
    guards: [
      {
        guard: 'a sign-in scheme that is not known is refused',
        text: `    default:
      throw unsupported(reader.name, \`the scheme "\${reader.scheme}"\`);`,
        without: '    default:\n      return readServicePrincipal(reader, mask);',
        red: 'readConnection refuses a publish profile',
      },
      {
        guard: 'a kind of secret that is not known is refused',
        text: '    default:\n      throw unsupported(reader.name, `authentication type "${kind}"`);',
        without: "    default:\n      return { scheme: 'secret', clientSecret: '' };",
        red: 'readConnection refuses a kind of secret that nobody knows',
      },
      {
        guard: 'a client secret is masked before it is handed on',
        text: '      mask(clientSecret);\n',
        without: '',
        red: 'readConnection reads a service principal with a secret, and hides the secret first',
      },
      {
        guard: 'a certificate and its key are masked before they are handed on',
        text: '      mask(pem);\n',
        without: '',
        red: 'readConnection reads a service principal with a certificate, and hides its text first',
      },
      {
        guard: "the job's token is masked before it is handed on",
        text: '  mask(accessToken);\n',
        without: '',
        red: 'readConnection reads workload identity federation, and hides the token of the job first',
      },
      {
        guard: 'a connection whose addresses are not https is refused',
        text: "URL.canParse(value) && new URL(value).protocol === 'https:'",
        without: 'URL.canParse(value)',
        red: 'readConnection refuses an address that is not https',
      },
    ],
  },
  {
    file: 'tasks/common/agent/read-inputs.ts',
    tests: 'test/common/agent/read-inputs.test.ts',
    guards: [
      {
        guard: 'a value with `$(` left over is refused',
        text: '    if (value !== undefined) refuseMacro(name, value);\n',
        without: '',
        red: 'readInputs: what is refused an output of a step that did not run',
      },
      {
        guard: 'a share above 100% is refused',
        text: ' && number <= 100)',
        without: ')',
        red: 'readInputs: what is refused more than all nodes',
      },
      {
        guard: 'a time longer than is allowed is refused',
        text: 'duration.ms <= max.ms) return;',
        without: 'Number.isFinite(max.ms)) return;',
        red: 'readInputs: what is refused a time too long',
      },
    ],
  },
  {
    file: 'tasks/common/agent/harmless.ts',
    tests: 'test/common/agent/harmless.test.ts',
    guards: [
      {
        guard: 'a command to the agent in foreign output is broken',
        text: "text.replace(marks, '##_')",
        without: 'text',
        red: 'harmless breaks a command in the middle',
      },
      {
        guard: 'a command that weightless characters hide is broken too',
        text: '[\\p{M}\\p{C}\\p{Default_Ignorable_Code_Point}]*',
        without: '',
        red: 'harmless sees a command behind a variation selector',
      },
      {
        guard: 'controls and format characters are taken out of foreign output',
        text: "wellFormed(text.replace(/[^\\P{Cc}\\t]|\\p{Cf}/gu, ''))",
        without: 'wellFormed(text)',
        red: 'harmless removes characters that turn the reading direction',
      },
    ],
  },
  {
    file: 'tasks/common/agent/print-log.ts',
    tests: 'test/common/agent/print-log.test.ts',
    guards: [
      {
        guard: 'whatever is logged is made harmless first',
        text: "for (const line of harmless(text).split('\\n')) write(line);",
        without: "for (const line of text.split('\\n')) write(line);",
        red: 'printLog prints each line of a text, harmless',
      },
    ],
  },
  {
    file: 'tasks/common/agent/run-task.ts',
    tests: 'test/common/agent/run-task.test.ts',
    guards: [
      {
        guard: 'an error that nobody awaited fails the task',
        text: '  host.onUnhandled((error) => void finish(problem(error)));\n',
        without: '',
        red: 'runTask fails when an error was thrown where nobody waited, and ends once',
      },
    ],
  },
  {
    file: 'tasks/common/agent/read-network.ts',
    tests: 'test/common/agent/read-network.test.ts',
    guards: [
      {
        guard: 'a refused address of a proxy shows no password',
        text: "url.replace(/^.*@/s, '…@')",
        without: "url.replace(/\\/\\/[^/]*@/, '//…@')",
        red: 'readNetwork shows no password of an address that it refuses: http://user:p/a@ss@proxy:8080',
      },
      {
        guard: "the proxy's password is masked",
        text: '(const secret of [password, decodeURIComponent(new URL(url).password)])',
        without: '(const secret of [decodeURIComponent(new URL(url).password)])',
        red: 'readNetwork reads the proxy with its sign-in, and hides the password',
      },
    ],
  },
  {
    file: 'tasks/common/agent/before-libraries.ts',
    tests: 'test/common/agent/current-agent.test.ts',
    guards: [
      {
        guard: "the proxy's password is taken away before task-lib prints it",
        text: '  delete process.env[name];\n',
        without: '',
        red: 'currentAgent, in a process as the agent starts it keeps task-lib from printing the password of the proxy, and from leaving the key to it',
      },
    ],
  },
  {
    file: 'tasks/common/agent/cancellation.ts',
    tests: 'test/common/agent/cancellation.test.ts',
    guards: [
      {
        guard: 'the second signal of an agent on Windows is heard',
        text: "['SIGINT', 'SIGBREAK']",
        without: "['SIGINT']",
        red: 'cancellation is told by SIGBREAK on win32',
      },
    ],
  },
  {
    file: 'tasks/common/drain/script-text.ts',
    tests: 'test/common/execute/rollout-options.test.ts',
    guards: [
      {
        guard: 'a script reaches a shell without carriage returns',
        text: ".replace(/\\r\\n?/g, '\\n')",
        without: '',
        red: 'inputs of an upgrade carry scripts of an editor on Windows as a shell reads them',
      },
    ],
  },
];
