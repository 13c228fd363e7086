/**
 * What has to be registered so that a secret stays hidden in all forms in which it is likely to be printed. The agent
 * masks line by line, and task-lib refuses a secret of several lines (pipelines.md §4).
 */
export function maskedForms(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
  const telling = lines.length > 1 ? lines.filter(isTelling) : lines;
  return [...new Set(telling.flatMap(formsOfLine))];
}

/** Hiding `}` or a PEM border would only make the log unreadable. */
const isTelling = (line: string) => line.trim().length >= 6 && !/^-----[A-Z0-9 ]+-----$/.test(line.trim());

function formsOfLine(line: string): readonly string[] {
  const json = JSON.stringify(line).slice(1, -1);
  return [line, line.trim(), json, encodeURIComponent(line.replace(/\p{Surrogate}/gu, '\ufffd'))];
}
