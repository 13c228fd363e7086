import type { Clock } from '../clock.ts';
import type { Result } from '../result.ts';
import type { JobHeading, JobView, RunView, StepView } from './view.ts';

interface Options {
  readonly clock: Clock;
  /** Every line of every group, debug lines and section marks too. */
  readonly verbose?: boolean;
  /** Lines longer than this are cut; the step's log keeps them whole. */
  readonly width?: number;
}

/** A run as lines for people: headings with the time, a task's lines indented, a group folded to one line. */
export function plainView(output: (line: string) => void, options: Options): RunView {
  const printer = new Printer(output, options);
  let startedAt = 0;
  return {
    stageStarted: ({ name, displayName, attempt }) => {
      startedAt = options.clock.now();
      if (name !== '__default')
        printer.at(`== Stage ${titled(displayName, name)}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
    },
    stageFinished: ({ name, displayName, result }) => {
      if (name !== '__default')
        printer.at(`== Stage ${titled(displayName, name)} ${ending(result)}${printer.since(startedAt)}`);
    },
    note: (text) => printer.at(`-- ${text}`),
    jobStarted: (heading) => jobView(heading, printer.tagged(heading.tag)),
  };
}

class Printer {
  constructor(
    readonly output: (line: string) => void,
    readonly options: Options,
    private readonly tag = '',
  ) {}

  /** Lines of jobs that run side by side say whose they are. */
  tagged(tag: string): Printer {
    return new Printer(this.output, this.options, tag && `[${tag}] `);
  }

  /** A line with the time of day. */
  at(text: string): void {
    this.output(`${new Date(this.options.clock.now()).toTimeString().slice(0, 8)} ${this.tag}${text}`);
  }

  below(mark: string, text: string): void {
    this.output(`         ${mark} ${this.tag}${harmless(text, this.options.width ?? 200)}`);
  }

  since(startedAt: number): string {
    const seconds = Math.round((this.options.clock.now() - startedAt) / 1000);
    return seconds < 1 ? '' : ` after ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`;
  }
}

function jobView(heading: JobHeading, printer: Printer): JobView {
  const startedAt = printer.options.clock.now();
  const hook = heading.hook && `, ${heading.hook}`;
  const title = `Job ${titled(heading.displayName, heading.name)}${hook}`;
  printer.at(`-- ${title}${heading.environment && ` on environment ${heading.environment}`}`);
  return {
    note: (text) => printer.below('!', text),
    stepStarted: (displayName) => stepView(displayName, printer),
    finished: (result) => printer.at(`-- ${title} ${ending(result)}${printer.since(startedAt)}`),
  };
}

function stepView(displayName: string, printer: Printer): StepView {
  const startedAt = printer.options.clock.now();
  const group = new Group((text) => printer.below('|', text), printer.options.verbose ?? false);
  let shown = '';
  printer.at(`   > ${displayName}`);
  return {
    line: (text) => group.line(text),
    progress: (percent, text) => {
      const now = `${percent} % ${text}`.trimEnd();
      if (now !== shown) printer.below('.', now);
      shown = now;
    },
    finished: (result, summaries) => {
      group.end();
      for (const title of summaries) printer.below('+', `summary "${title}"`);
      if (result !== 'succeeded') printer.at(`   < ${displayName} ${ending(result)}${printer.since(startedAt)}`);
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

function ending(result: Result): string {
  const words = {
    succeeded: 'succeeded',
    succeededWithIssues: 'succeeded with issues',
    failed: 'FAILED',
    canceled: 'was canceled',
    skipped: 'was skipped',
  };
  return words[result];
}

/** Foreign output must not move the terminal's cursor: control characters become dots, colours go. */
function harmless(text: string, width: number): string {
  const clean = text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '·');
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean;
}
