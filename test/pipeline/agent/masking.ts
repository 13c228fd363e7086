/**
 * Hides secrets in everything that is printed. A secret is looked for whole: when it has several lines, and they are
 * printed one by one, they are not found. The agent does no better (agent: LoggedSecretMasker, HostContext.cs), which is
 * why a task must mask each line of a certificate.
 */
export class Masker {
  readonly #needles = new Set<string>();

  add(secret: string): void {
    if (secret === '') return;
    for (const form of encodings(secret)) this.#needles.add(form);
  }

  /** A secret that a person gave: also without its quotes, and as base64 (agent: Worker.InitializeSecretMasker). */
  addUserSecret(secret: string): void {
    if (secret.trim() === '') return;
    for (const form of [secret, Buffer.from(secret, 'utf8').toString('base64')]) {
      for (const written of [form, form.replaceAll('\r', '%0D').replaceAll('\n', '%0A')]) this.#addTrimmed(written);
    }
  }

  /** Whether a text holds a secret. */
  hides(text: string): boolean {
    return this.mask(text) !== text;
  }

  mask(text: string): string {
    const spans = [...this.#needles].flatMap((needle) => spansOf(text, needle)).sort((a, b) => a.start - b.start);
    let masked = '';
    let done = 0;
    for (const { start, end } of merged(spans)) {
      masked += `${text.slice(done, start)}***`;
      done = end;
    }
    return masked + text.slice(done);
  }

  #addTrimmed(secret: string): void {
    this.add(secret);
    for (const quote of ["'", '"']) {
      if (secret.startsWith(quote) && secret.endsWith(quote)) this.add(secret.slice(1, -1));
    }
    this.add(secret.trim());
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** As JSON, as part of an address, and with backslashes undone (agent: HostContext.AddValueEncoder). */
function encodings(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, json, encodeURIComponent(secret), secret.replaceAll('\\\\', '\\')].filter((form) => form !== '');
}

function spansOf(text: string, needle: string): readonly Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(needle); start >= 0; start = text.indexOf(needle, start + 1)) {
    spans.push({ start, end: start + needle.length });
  }
  return spans;
}

/** Spans that touch become one, so that nothing shows between two halves. */
function merged(spans: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last !== undefined && span.start <= last.end) {
      found[found.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else found.push(span);
  }
  return found;
}
