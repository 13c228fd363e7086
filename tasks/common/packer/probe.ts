import { Failure } from '../failure.ts';
import { deaf, runPacker } from './run-packer.ts';
import type { Command, Supervision } from './supervise.ts';

/**
 * Asks the program who it is. The machine-readable form, because 1.10 prints a notice into the plain one
 * (pipelines.md §8), and with a limit, because Red Hat has another program of the same name that reads its input.
 */
export async function probePacker(
  command: Omit<Command, 'args'>,
  supervision: Omit<Supervision, 'onLine' | 'onStopping' | 'timeoutMs'>,
): Promise<string> {
  const args = ['-machine-readable', 'version'];
  const { ending, version } = await runPacker({ ...command, args }, { ...supervision, timeoutMs: 30_000 }, deaf);
  if (version !== '' || ending.stoppedBy === 'cancel') return version;
  throw new Failure(
    'NotPacker',
    `${command.program} is no Packer: it does not answer "packer -machine-readable version"`,
    'Put the folder of HashiCorp Packer first on PATH. Red Hat systems have another program named packer (cracklib).',
  );
}
