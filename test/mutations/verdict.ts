import type { MochaReport } from './mocha-report.ts';
import type { NamedTest } from './mutation.ts';

/** `red`: the named test noticed that the guard was gone. Anything else is a finding, with its reason. */
export type Verdict =
  | { readonly kind: 'red'; readonly because: string }
  | { readonly kind: 'finding'; readonly because: string };

/** Before a guard is taken away, its test has to pass. */
export function unmutated(report: MochaReport | undefined, { title }: NamedTest): string | undefined {
  if (!report) return 'its test file does not load';
  if (!report.tests.some(({ fullTitle }) => fullTitle === title)) return 'its test is not there';
  return report.passes.some(({ fullTitle }) => fullTitle === title)
    ? undefined
    : 'its test fails with the guard in place';
}

/** Did the named test fail for the guard's sake, and not because the code broke or nothing ended? */
export function verdict(report: MochaReport | undefined, { title }: NamedTest): Verdict {
  if (!report) return { kind: 'finding', because: 'without it the tests do not load, or do not end' };
  const failed = report.failures.find(({ fullTitle }) => fullTitle === title);
  if (!failed) {
    const [other] = report.failures;
    return { kind: 'finding', because: other ? `another thing failed: ${other.fullTitle}` : 'no test noticed' };
  }
  const { stack = '', message = '', code } = failed.err;
  const said = message.split('\n')[0] ?? '';
  if (code === 'ERR_MOCHA_TIMEOUT') return { kind: 'finding', because: 'its test only ran out of time' };
  if (/^(?:Type|Reference|Syntax|Range)Error\b/.test(stack))
    return { kind: 'finding', because: `the code broke: ${said}` };
  return { kind: 'red', because: said };
}
