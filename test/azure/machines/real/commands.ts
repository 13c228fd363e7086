import { spawn } from 'node:child_process';

/** Runs a program of the host to its end and gives what it printed; a failure says what it said. */
export function run(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe' });
    const output: Buffer[] = [];
    const error: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => error.push(chunk));
    child.on('error', (cause) => reject(new Error(`${program} could not be started: ${cause.message}`, { cause })));
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(output).toString());
      reject(
        new Error(`${[program, ...args].join(' ')} ended with ${code}: ${Buffer.concat(error).toString().trim()}`),
      );
    });
    child.stdin.on('error', () => {}); // EPIPE: it has ended without reading; its exit code says why.
    child.stdin.end(input);
  });
}
