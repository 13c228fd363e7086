import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Connection, PseudoTtyInfo, ServerChannel, Session } from 'ssh2';
import { guestFolder } from '../protocol.ts';
import { type Account, sessionEnvironment, signalGroup, startAs } from './accounts.ts';

/** Where the families of distributions keep OpenSSH's own program for file transfer. */
const sftpServers = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server', '/usr/lib/ssh/sftp-server'];

/** One session of a client: commands with or without a terminal, a shell, sftp when its program is there. */
export function serveSession(
  session: Session,
  client: Connection,
  account: Account,
  log: (line: string) => void,
): void {
  const environment = sessionEnvironment(account);
  let terminal: PseudoTtyInfo | undefined;
  let child: ChildProcess | undefined;
  const begin = (channel: ServerChannel, command: string, argv: readonly string[]) => {
    log(`sshd: a session of ${account.name} begins${terminal ? ' in a terminal' : ''}`);
    child = terminal ? startInTerminal(account, command, terminal, environment) : start(account, argv, environment);
    connect(child, channel);
    child.once('exit', () => {
      child = undefined;
    });
    client.once('close', () => child && signalGroup(child, 'SIGHUP'));
  };
  session.on('pty', (accept, _reject, info) => {
    terminal = info;
    accept?.();
  });
  session.on('env', (accept, reject, { key, val }) => {
    // What OpenSSH's own server takes from a client on Debian: AcceptEnv LANG LC_*.
    if (!/^(LANG|LC_\w+)$/.test(key)) return reject?.();
    environment[key] = val;
    accept?.();
  });
  session.on('exec', (accept, _reject, { command }) => begin(accept(), command, [account.shell, '-c', command]));
  session.on('shell', (accept) => begin(accept(), '', [account.shell, '-l']));
  session.on('subsystem', (accept, reject, { name }) => {
    const program = name === 'sftp' ? sftpServers.find((path) => existsSync(path)) : undefined;
    if (program !== undefined) return begin(accept(), name, [program]);
    log(`sshd: the subsystem ${name} does not exist here`);
    reject();
  });
  session.on('signal', (accept, _reject, { name }) => {
    if (child) signalGroup(child, `SIG${name}` as NodeJS.Signals);
    accept?.();
  });
  session.on('window-change', () => log('sshd: the size of a terminal stays as it was at the start'));
}

function start(account: Account, argv: readonly string[], environment: Record<string, string>): ChildProcess {
  return startAs(account, [`${guestFolder}/session`, ...argv], { env: environment, cwd: '/', stdio: 'pipe' });
}

/** script(1) makes a terminal and passes the exit code on. */
function startInTerminal(
  account: Account,
  command: string,
  terminal: PseudoTtyInfo,
  environment: Record<string, string>,
): ChildProcess {
  const size = { PTY_ROWS: String(terminal.rows), PTY_COLUMNS: String(terminal.cols), PTY_COMMAND: command };
  const term = (terminal as PseudoTtyInfo & { term?: string }).term ?? 'xterm';
  return start(account, ['script', '--quiet', '--flush', '--return', '--command', `${guestFolder}/pty`, '/dev/null'], {
    ...environment,
    ...size,
    TERM: term,
  });
}

function connect(child: ChildProcess, channel: ServerChannel): void {
  if (child.stdin) channel.pipe(child.stdin);
  child.stdin?.on('error', () => {}); // EPIPE: the program has ended without reading all; its exit code says the rest.
  child.stdout?.pipe(channel, { end: false });
  child.stderr?.pipe(channel.stderr, { end: false });
  child.on('error', (error) => {
    channel.stderr.write(`${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  child.on('close', (code, signal) => {
    if (code === null) channel.exit((signal ?? 'SIGKILL').slice(3), false, '');
    else channel.exit(code);
    channel.end();
  });
}
