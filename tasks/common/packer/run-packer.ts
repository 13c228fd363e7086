import { type PackerEvent, parseLine } from './machine-readable.ts';
import type { StopReason } from './stop.ts';
import { type Command, type Ending, type Supervision, supervise } from './supervise.ts';
import { emptyTranscript, heard, linesOf, type Transcript } from './transcript.ts';

export interface PackerRun {
  readonly ending: Ending;
  readonly transcript: Transcript;
  /** As Packer names itself; empty when the command does not say. */
  readonly version: string;
}

/** Who wants to hear of a run while it goes on. */
export interface Listener {
  /** A line for people, still in the words and bytes of a foreign program. */
  line(text: string): void;
  progress(percent: number, step: string): void;
  stopping(reason: StopReason, transcript: Transcript): void;
}

export const deaf: Listener = { line: () => {}, progress: () => {}, stopping: () => {} };

/** Runs Packer in its machine-readable form, and tells the listener what it says. */
export async function runPacker(
  command: Command,
  supervision: Omit<Supervision, 'onLine' | 'onStopping'>,
  listener: Listener,
): Promise<PackerRun> {
  let transcript = emptyTranscript;
  let version = '';
  const onEvent = (event: PackerEvent) => {
    const before = transcript;
    transcript = heard(before, event);
    if (event.kind === 'version') version = event.version;
    for (const line of shown(event)) listener.line(line);
    if (transcript.steps !== before.steps) listener.progress(transcript.percent, lastStep(transcript));
  };
  const ending = await supervise(command, {
    ...supervision,
    onLine: (stream, line) => onEvent(stream === 'stdout' ? parseLine(line) : { kind: 'raw', text: line }),
    onStopping: (reason) => listener.stopping(reason, transcript),
  });
  return { ending, transcript, version };
}

function shown(event: PackerEvent): readonly string[] {
  return event.kind === 'said' || event.kind === 'raw' ? linesOf(event.text) : [];
}

const lastStep = ({ steps }: Transcript) => Object.values(steps).at(-1) ?? '';
