import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import ssh2, { type Client, type ClientChannel, type ConnectConfig, type ParsedKey } from 'ssh2';
import { withRealMachines } from './support.ts';

describe('SSH into a real machine', () => {
  const it_ = withRealMachines();
  const vm = 'guest';
  const password = 'correct horse';
  let folder = '';
  let publicKey = '';
  let client: Client;
  before(async () => {
    folder = mkdtempSync(`${tmpdir()}/ssh-test-`);
    const keys = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
    writeFileSync(`${folder}/key`, keys.private, { mode: 0o600 });
    publicKey = keys.public;
    const admin = { user: 'packer', password, publicKey };
    assert.equal(await it_.create({ id: vm, admin }), undefined);
    client = await connect({ password });
  });
  after(() => {
    client?.end();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  const connect = (config: ConnectConfig) =>
    new Promise<Client>((resolve, reject) => {
      const made = new ssh2.Client();
      made.on('ready', () => resolve(made)).on('error', reject);
      made.connect({ host: it_.machines.address(vm) ?? '', username: 'packer', ...config });
    });

  const exec = (
    command: string,
    options: { pty?: boolean; stdin?: string; during?: (channel: ClientChannel) => void } = {},
  ) =>
    new Promise<{ code: number | undefined; signal?: string; output: string; error: string }>((resolve, reject) => {
      client.exec(command, { pty: options.pty ?? false }, (problem, channel) => {
        if (problem) return reject(problem);
        let [output, error] = ['', ''];
        channel.on('data', (chunk: Buffer) => {
          output += chunk;
          options.during?.(channel);
        });
        channel.stderr.on('data', (chunk: Buffer) => {
          error += chunk;
        });
        channel.on('close', (code: number | undefined, signal?: string) =>
          resolve({ code, ...(signal && { signal }), output, error }),
        );
        // ssh2's client sends no signal after the end of its input.
        if (!options.during) channel.end(options.stdin ?? '');
      });
    });

  it('lets the administrator in by password or key, and nobody else', async () => {
    const privateKey = readFileSync(`${folder}/key`);
    (await connect({ privateKey })).end();
    const stranger = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private;
    await assert.rejects(connect({ password: 'wrong horse' }), /authentication methods failed/);
    await assert.rejects(connect({ password: '' }), /authentication methods failed/);
    await assert.rejects(connect({ privateKey: stranger }), /authentication methods failed/);
    await assert.rejects(connect({ username: 'root', password }), /authentication methods failed/);
    await assert.rejects(connect({ agent: new Impostor(publicKey) }), /authentication methods failed/);
  });

  it('runs a command as the administrator, at home, with both streams, input and exit code', async () => {
    const result = await exec('id -un; pwd; cat; echo oops >&2; exit 7', { stdin: 'from outside\n' });
    assert.deepEqual(result, { code: 7, output: 'packer\n/home/packer\nfrom outside\n', error: 'oops\n' });
  });

  it('passes megabytes both ways unharmed', async () => {
    const { output } = await exec('tee /tmp/copy | sha256sum; wc -c </tmp/copy', { stdin: 'x'.repeat(3_000_000) });
    assert.match(output, /\n3000000\n$/);
    assert.equal((await exec('cat /tmp/copy')).output.length, 3_000_000);
  });

  it('gives a terminal when it is asked for one', async () => {
    const { output, code } = await exec('tty; stty size; exit 3', { pty: true });
    assert.match(output, /^\/dev\/pts\/\d+\r\n24 80\r\n$/);
    assert.equal(code, 3);
    assert.match((await exec('tty')).output, /not a tty/);
  });

  it('passes signals on, and tells by which a command ended', async () => {
    const during = (channel: ClientChannel) => void channel.signal('INT');
    const trapped = await exec(`trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.05; done`, { during });
    assert.deepEqual(trapped, { code: 5, output: 'ready\ncaught\n', error: '' });
    assert.equal((await exec('kill -KILL $$')).signal, 'SIGKILL');
  });

  const sudo: readonly (readonly [command: string, output: RegExp])[] = [
    ['sudo id -un', /^root\n$/],
    ['sudo -n -E -- id -un', /^root\n$/],
    ['echo secret | sudo -S id -un', /^root\n$/],
    ['A=1 sudo -E sh -c "echo [\\$A]"', /^\[1\]\n$/],
    ['A=1 sudo sh -c "echo [\\$A]"', /^\[\]\n$/],
    ['A=1 B=2 sudo --preserve-env=B sh -c "echo [\\$A\\$B]"', /^\[2\]\n$/],
    ['sudo A=3 sh -c "echo [\\$A]"', /^\[3\]\n$/],
    ['sudo -u nobody id -un', /^nobody\n$/],
    ['sudo sudo id -un', /^root\n$/],
    ['sudo sh -c "exit 6" || echo $?', /^6\n$/],
    ['sudo --askpass id 2>&1', /does not know the option --askpass/],
    ['cat /etc/shadow 2>&1', /Permission denied/],
    ['sudo cat /etc/shadow', /root:\*/],
  ];
  for (const [command, expected] of sudo) {
    it(`answers ${command}`, async () => assert.match((await exec(command)).output, expected));
  }

  it('keeps a session usable when the image is deprovisioned, as builds end with it', async () => {
    assert.equal((await exec('sudo /usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync')).code, 0);
    assert.equal((await exec('ls -d /home/packer || id -u')).output, '1000\n');
    assert.equal((await exec('getent passwd packer')).code, 2);
    await it_.reimage({ id: vm, admin: { user: 'packer', password } });
    client = await connect({ password });
    assert.equal((await exec('id -un')).output, 'packer\n');
  });

  it('a session that breaks off ends what it runs', async () => {
    const other = await connect({ password });
    other.exec('echo on; exec sleep 4321', () => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await exec('pgrep -c -f "^sleep 4321"')).output, '1\n');
    other.end();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await exec('pgrep -c -f "^sleep 4321"')).output, '0\n');
  });
});

describe('real clients of a real machine', () => {
  const it_ = withRealMachines();
  const vm = 'guest';
  let folder = '';
  before(async () => {
    folder = mkdtempSync(`${tmpdir()}/ssh-test-`);
    const keys = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
    writeFileSync(`${folder}/key`, keys.private, { mode: 0o600 });
    await it_.create({ id: vm, admin: { user: 'packer', publicKey: keys.public } });
  });
  after(() => folder !== '' && rmSync(folder, { recursive: true }));

  const options = () => [
    '-i',
    `${folder}/key`,
    ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'BatchMode=yes'].flatMap(
      (option) => ['-o', option],
    ),
  ];
  const target = () => `packer@${it_.machines.address(vm)}`;

  it('OpenSSH runs a command and scp copies a folder there and back', async function () {
    if (!has('ssh') || !has('scp')) return skip(this, 'ssh and scp');
    assert.deepEqual(await call('ssh', [...options(), target(), 'echo $USER; exit 4']), {
      code: 4,
      output: 'packer\n',
    });
    writeFileSync(`${folder}/file.txt`, 'brought\n');
    // -O: the protocol that Packer speaks, in which the machine runs its own scp.
    assert.deepEqual(await call('scp', ['-O', ...options(), '-r', folder, `${target()}:/tmp/copy`]), {
      code: 0,
      output: '',
    });
    assert.deepEqual(await call('scp', ['-O', ...options(), `${target()}:/tmp/copy/file.txt`, `${folder}/back.txt`]), {
      code: 0,
      output: '',
    });
    assert.equal(readFileSync(`${folder}/back.txt`, 'utf8'), 'brought\n');
  });

  for (const pty of [false, true]) {
    it(`Packer uploads files and runs scripts as root${pty ? ', in a terminal' : ''}`, async function () {
      if (!has('packer')) return skip(this, 'packer');
      const template = {
        builders: [
          {
            type: 'null',
            ssh_host: it_.machines.address(vm),
            ssh_username: 'packer',
            ssh_private_key_file: `${folder}/key`,
            ssh_pty: pty,
          },
        ],
        provisioners: [
          { type: 'shell', inline: ['mkdir -p /tmp/upload'] },
          { type: 'file', source: `${folder}/`, destination: '/tmp/upload/' },
          {
            type: 'shell',
            environment_vars: ['PLACE=the machine'],
            inline: ['echo "$(id -un) of $PLACE has $(echo $(ls /tmp/upload))"'],
            execute_command: "chmod +x {{ .Path }}; {{ .Vars }} sudo -E sh '{{ .Path }}'",
          },
        ],
      };
      writeFileSync(`${folder}/template.json`, JSON.stringify(template));
      const { code, output } = await call('packer', ['build', '-color=false', `${folder}/template.json`], {
        CHECKPOINT_DISABLE: '1',
        PACKER_CACHE_DIR: `${folder}/cache`,
      });
      assert.equal(code, 0, output);
      assert.match(output, /null: root of the machine has .*template\.json/);
    });
  }
});

/** Knows the administrator's public key, as anyone may, and signs with a key of its own. */
class Impostor extends ssh2.BaseAgent<ParsedKey> {
  readonly #shown: ParsedKey;
  readonly #own = parsed(ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private);

  constructor(publicKey: string) {
    super();
    this.#shown = parsed(publicKey);
  }

  override getIdentities(callback: (problem?: Error | null, keys?: ParsedKey[]) => void): void {
    callback(null, [this.#shown]);
  }

  override sign(_key: ParsedKey, data: Buffer, ...rest: unknown[]): void {
    const callback = rest.at(-1) as (problem?: Error | null, signature?: Buffer) => void;
    const signature = this.#own.sign(data, 'sha256');
    callback(null, signature instanceof Error ? Buffer.alloc(256) : signature);
  }
}

function parsed(key: string): ParsedKey {
  const result = ssh2.utils.parseKey(key);
  if (result instanceof Error || Array.isArray(result)) throw new Error('not one key');
  return result;
}

const has = (program: string) =>
  ['/usr/bin', '/usr/local/bin', '/bin'].some((place) => existsSync(`${place}/${program}`));

function skip(context: Mocha.Context, programs: string): void {
  console.log(`      skipped: this host has no ${programs}`);
  context.skip();
}

function call(program: string, args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
    child.on('close', (code) => resolve({ code, output }));
  });
}
