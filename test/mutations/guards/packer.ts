import type { Group } from '../mutation.ts';

/** Packer, its secrets and its end. */
export const packerGuards: readonly Group[] = [
  {
    file: 'tasks/BakeImage/bake-image.ts',
    tests: 'test/BakeImage/bake-image.test.ts',
    guards: [
      {
        guard: 'variables go into a file and never on the command line',
        text: "await files.write('variables.pkrvars.json', variableFile(request.variables, request.template.kind))",
        without: 'variableFile(request.variables, request.template.kind)',
        red: 'bakeImage with a Packer that plays its part puts no secret on a command line, and none into the environment of commands that need none',
      },
      {
        guard: 'commands of Packer that need no credentials get none',
        text: "runCommand('init', packer, async () => ({}))",
        without: "runCommand('init', packer, credentials)",
        red: 'bakeImage with a Packer that plays its part puts no secret on a command line, and none into the environment of commands that need none',
      },
    ],
  },
  {
    file: 'tasks/BakeImage/bake-image.ts',
    tests: 'test/BakeImage/stop.test.ts',
    guards: [
      {
        guard: 'a cancelled task starts no Packer',
        text: '  if (agent.cancelled.aborted) throw cancelledBefore(command);\n',
        without: '  void cancelledBefore;\n',
        red: 'bakeImage that has to stop does not start at all when it was cancelled before',
      },
    ],
  },
  {
    file: 'tasks/common/packer/temp-file.ts',
    tests: 'test/BakeImage/bake-image.test.ts',
    guards: [
      {
        guard: 'files with secrets are of this user alone',
        text: "await writeFile(file, text, { mode: 0o600, flag: 'wx' });",
        without: "await writeFile(file, text, { mode: 0o644, flag: 'wx' });",
        red: 'bakeImage with a Packer that plays its part hands variables over in a file of this user alone, after the author’s own files, and deletes it',
      },
      {
        guard: 'files with secrets are deleted, however it ends',
        text: '    for (const file of made) await rm(file, { force: true });\n',
        without: '    void [made, rm];\n',
        red: 'bakeImage with a Packer that plays its part hands variables over in a file of this user alone, after the author’s own files, and deletes it',
      },
    ],
  },
  {
    file: 'tasks/common/packer/packer-failure.ts',
    tests: 'test/common/packer/packer-failure.test.ts',
    guards: [
      {
        guard: 'a Packer that lacks the plugin is told from all else, however its words are wrapped',
        text: '|is unknown by Packer|',
        without: '|',
        red: 'packerFailure says how the plugin gets there for an HCL2 template that names no plugin',
      },
    ],
  },
  {
    file: 'tasks/common/packer/supervise.ts',
    tests: 'test/BakeImage/stop.test.ts',
    guards: [
      {
        guard: 'a cancel is passed on to Packer',
        text: '  stop(interruption(watch.platform, first));\n',
        without: '',
        red: 'bakeImage that has to stop interrupts Packer once when cancelled and waits until it has cleaned up',
      },
      {
        guard: 'a Packer that never ends after its time is killed',
        text: '  stop(abandonment(platform, reason));\n',
        without: '',
        red: 'bakeImage that has to stop kills a Packer that never ends after its time',
      },
    ],
  },
  {
    file: 'tasks/common/packer/search-path.ts',
    tests: 'test/common/packer/search-path.test.ts',
    guards: [
      {
        guard: 'no program is taken from a folder that depends on where one stands',
        text: "(platform === 'win32' ? isFixedOnWindows(folder) : posix.isAbsolute(folder))",
        without: "folder !== ''",
        red: 'foldersOnPath reads :bin::./x:/usr/bin: as linux does',
      },
    ],
  },
  {
    file: 'tasks/common/packer/packer-failure.ts',
    tests: 'test/common/packer/packer-failure.test.ts',
    guards: [
      {
        guard: 'a cancelled Packer has not succeeded, although 1.6 ends with 0',
        text: "  if (ending.stoppedBy === 'cancel') return cancelled(attempt, ending, transcript);\n",
        without: '  void cancelled;\n',
        red: 'packerFailure says a cancel, although 1.6.6 ends with 0 after it',
      },
    ],
  },
  {
    file: 'tasks/common/packer/environment.ts',
    tests: 'test/common/packer/environment.test.ts',
    guards: [
      {
        guard: "another identity in the machine's environment does not reach Packer",
        text: '!misleading.test(name) && ',
        without: '',
        red: 'packerEnvironment takes away what would mislead, and leaves what is the author’s',
      },
      {
        guard: "secrets of the agent's own configuration do not reach Packer",
        text: '!ofTheAgent.test(name) && ',
        without: '',
        red: 'packerEnvironment takes away what would mislead, and leaves what is the author’s',
      },
      {
        guard: 'Packer asks the metadata address past the proxy',
        text: "NO_PROXY: [...hosts, metadataHost].join(',')",
        without: "NO_PROXY: hosts.join(',')",
        red: 'packerEnvironment takes the proxy from the agent and not from the machine',
      },
    ],
  },
  {
    file: 'tasks/common/packer/oidc-broker.ts',
    tests: 'test/common/packer/oidc-broker.test.ts',
    guards: [
      {
        guard: 'fresh tokens go to who shows the bearer',
        text: "  if (!isBearer(request.headers.authorization ?? '', token))\n    return { status: 401, body: { error: 'wrong bearer token' } };\n",
        without: '  void [isBearer, token];\n',
        red: 'the OIDC broker refuses no bearer with 401, and asks for no token',
      },
      {
        guard: 'fresh tokens are handed out on this machine alone',
        text: "server.listen(0, '127.0.0.1', resolve)",
        without: 'server.listen(0, resolve)',
        red: 'the OIDC broker listens on the loopback address only',
      },
    ],
  },
  {
    file: 'tasks/common/packer/trust.ts',
    tests: 'test/common/packer/trust.test.ts',
    guards: [
      {
        guard: "the agent's authority is added to what Packer trusts and does not replace it",
        text: 'return `${machine.trimEnd()}\\n${caPem.trimEnd()}\\n`;',
        without: 'return `${caPem.trimEnd()}\\n`;',
        red: 'trustBundle keeps the authorities that the machine trusts and adds the agent’s',
      },
    ],
  },
  {
    file: 'tasks/common/packer/baked-image.ts',
    tests: 'test/common/packer/baked-image.test.ts',
    guards: [
      {
        guard: 'of several images none is chosen by chance',
        text: '  if (image && others.length === 0) return image;\n',
        without: '  if (image) return image;\n',
        red: 'bakedImage refuses two different images, naming both',
      },
    ],
  },
  {
    file: 'tasks/BakeImage/manifest.ts',
    tests: 'test/BakeImage/bake-image.test.ts',
    guards: [
      {
        guard: 'a manifest counts only when this build has written it',
        text: '  if (await isWrittenSince(path, startedAt)) return { path };\n',
        without: '  if (await isWrittenSince(path, 0)) return { path };\n',
        red: 'bakeImage with a Packer that plays its part the manifest of an earlier build is not named',
      },
    ],
  },
];
