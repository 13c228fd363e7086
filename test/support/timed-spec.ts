import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';
import { projectFolder } from '../../build/project.ts';
import { partOf, type Times } from './test-parts.ts';

const { EVENT_RUN_BEGIN, EVENT_RUN_END, EVENT_SUITE_END } = Mocha.Runner.constants;

/**
 * Mocha's own `spec`, with its usual last lines, that also writes down how long each part of the tests took, hooks
 * included: as JSON into the file that TEST_TIMES names (build/run.mjs prints it).
 */
export default class TimedSpec extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env['TEST_TIMES'];
    if (!file) return;
    const times: Record<string, number> = {};
    let mark = Date.now();
    const add = (part: string) => {
      const now = Date.now();
      times[part] = (times[part] ?? 0) + now - mark;
      mark = now;
    };
    runner.on(EVENT_RUN_BEGIN, () => {
      mark = Date.now();
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (isOfAFile(suite)) add(partOf(pathOf(suite)));
    });
    // What comes after the last file is the judgement on all traffic (test/conformance/root-hooks.ts).
    runner.on(EVENT_RUN_END, () => {
      add('conformance');
      writeFileSync(file, JSON.stringify(times satisfies Times));
    });
  }
}

const isOfAFile = ({ parent }: Mocha.Suite) => parent?.root === true;

const pathOf = ({ file = '' }: Mocha.Suite) => relative(projectFolder, file).replaceAll('\\', '/');
