/**
 * Text of a foreign program or service, on its way to the agent's log.
 *
 * The agent reads each line of a task's output and takes the first `##vso[` *anywhere* in it for a command
 * (azure-pipelines-agent `Command.cs`, `TryParse`: `message.IndexOf("##vso[")`). Agents before 2026 compare by culture,
 * which skips characters that have no weight (zero-width, soft hyphen, controls), so `##v<U+200B>so[` is a command too.
 * The run's page reads `##[group]`, `##[error]` and the like. Both marks are broken by a visible `_`, in any case.
 */
export function harmless(text: string, limits: TextLimits = logLimits): string {
  const lines = text.replace(/\r+\n/g, '\n').split('\n', limits.maxLines + 1);
  const shown = lines.slice(0, limits.maxLines).map((line) => harmlessRaw(line, limits.maxLineLength));
  const left = lines.length > limits.maxLines ? ['… (further lines left out)'] : [];
  return [...shown, ...left].join('\n');
}

/** The same for a text that must stay one line: an error message, a table cell, a heading. */
export function harmlessLine(text: string, maxLength = 2_000): string {
  return harmlessRaw(text.replace(/[\s\u0085]+/g, ' ').trim(), maxLength);
}

interface TextLimits {
  readonly maxLineLength: number;
  readonly maxLines: number;
}

const logLimits: TextLimits = { maxLineLength: 4_000, maxLines: 5_000 };

/** One line without its end: what a terminal would show, with no power over the agent. */
function harmlessRaw(line: string, maxLength: number): string {
  const seen = withoutControls(withoutEscapes(lastOverwrite(line)));
  const cut = cutAt(seen, maxLength);
  const left = seen.length - cut.length;
  return breakMarks(left > 0 ? `${cut} … (${left} characters left out)` : cut);
}

/** A carriage return starts the line again, as progress bars do: the last text written is what stays. */
function lastOverwrite(line: string): string {
  return line.includes('\r') ? (line.split('\r').findLast((part) => part.trim() !== '') ?? '') : line;
}

/** ECMA-48 sequences: CSI (colours, cursor), OSC and its kin up to their end (titles, links), and two-byte escapes. */
const escapes =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-~]/g;

const withoutEscapes = (text: string) => text.replace(escapes, '');

/** Controls and format characters go (bidirectional ones could show a line other than it is); tabs stay. */
const withoutControls = (text: string) => wellFormed(text.replace(/[^\P{Cc}\t]|\p{Cf}/gu, ''));

function cutAt(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : wellFormed(text.slice(0, maxLength));
}

/** Half a surrogate pair becomes the replacement character. */
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

/** What a comparison by culture may skip between two characters. */
const weightless = String.raw`[\p{M}\p{C}\p{Default_Ignorable_Code_Point}]*`;
const marks = new RegExp(`#${weightless}#(?=${weightless}(?:v${weightless}s${weightless}o|\\[))`, 'giu');

const breakMarks = (text: string) => text.replace(marks, '##_');
