import type { Clock } from '../clock.ts';
import type { Result } from '../result.ts';
import type { JobHeading, JobView, RunView, StepView } from './view.ts';

interface Options {
  readonly clock: Clock;
  /** Every line of every group, debug lines and section marks too. */
  readonly verbose: boolean;
  /** Lines longer than this are cut; the step's log keeps them whole. */
  readonly width?: number;
}

/** A run as lines for people: headings with the time, a task's lines indented, a group folded to one line. */
export function plainView(output: (line: string) => void, options: Options): RunView {
  const at = (text: string) => output(`${timeOf(options.clock.now())} ${text}`);
  return {
    stageStarted: ({ name, displayName, attempt }) => {
      if (name === '__default') return;
      at(`== Stage ${titled(displayName, name)}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
    },
    stageFinished: ({ name, displayName, result }) => {
      if (name !== '__default') at(`== Stage ${titled(displayName, name)} ${wordsFor(result)}`);
    },
    note: (text) => at(`-- ${text}`),
    jobStarted: (heading) => jobView(heading, at, output, options),
  };
}

function jobView(
  heading: JobHeading,
  at: (text: string) => void,
  output: (line: string) => void,
  options: Options,
): JobView {
  const hook = heading.hook && `, ${heading.hook}`;
  const title = `Job ${titled(heading.displayName, heading.name)}${hook}`;
  at(`-- ${title}${heading.environment && ` on environment ${heading.environment}`}`);
  return {
    note: (text) => output(`         ${text}`),
    stepStarted: (displayName) => stepView(displayName, at, output, options),
    finished: (result) => at(`-- ${title} ${wordsFor(result)}`),
  };
}

function stepView(
  displayName: string,
  at: (text: string) => void,
  output: (line: string) => void,
  options: Options,
): StepView {
  const print = (text: string) => output(`         | ${cut(text, options.width ?? 200)}`);
  const group = new Group(print, options.verbose);
  let shown = '';
  at(` > ${displayName}`);
  return {
    line: (text) => group.line(text),
    progress: (percent, text) => {
      const now = `${percent} % ${text}`.trimEnd();
      if (now !== shown) output(`${timeOf(options.clock.now())}  . ${now}`);
      shown = now;
    },
    finished: (result, summaries) => {
      group.end();
      for (const title of summaries) print(`summary: ${title}`);
      if (result !== 'succeeded') at(` < ${displayName} ${wordsFor(result)}`);
    },
  };
}

/** Folds `##[group]` … `##[endgroup]` to one line with a count; errors and warnings inside still show. */
class Group {
  #title: string | undefined;
  #hidden = 0;

  constructor(
    private readonly print: (text: string) => void,
    private readonly verbose: boolean,
  ) {}

  line(text: string): void {
    const [, tag = '', rest = ''] = /^##\[(\w+)\](.*)$/s.exec(text) ?? [undefined, '', text];
    if (this.verbose) this.print(text);
    else if (tag === 'group') this.#start(rest);
    else if (tag === 'endgroup') this.end();
    else if (tag === 'error' || tag === 'warning') this.print(`${tag.toUpperCase()} ${rest}`);
    else if (this.#title !== undefined) this.#hidden++;
    else if (tag !== 'section' && tag !== 'debug') this.print(tag === 'command' ? `$ ${rest}` : rest);
  }

  end(): void {
    if (this.#title !== undefined) this.print(`> ${this.#title} (${this.#hidden} lines)`);
    this.#title = undefined;
    this.#hidden = 0;
  }

  #start(title: string): void {
    this.end();
    this.#title = title;
  }
}

function titled(displayName: string, name: string): string {
  return displayName === '' || displayName === name ? name : `${displayName} (${name})`;
}

function wordsFor(result: Result): string {
  return {
    succeeded: 'succeeded',
    succeededWithIssues: 'succeeded with issues',
    failed: 'FAILED',
    canceled: 'was canceled',
    skipped: 'was skipped',
  }[result];
}

function timeOf(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8);
}

/** Control characters of foreign output would move the terminal's cursor; they are shown as dots. */
function cut(text: string, width: number): string {
  const clean = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '·');
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean;
}
