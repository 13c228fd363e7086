import type { Inputs } from '../agent/inputs.ts';
import { parseAlertRule, type TypedRule } from '../azure/alert-rule-id.ts';
import { Failure } from '../failure.ts';

/** Every rule is read before the first write, and named in the log when it fires. */
const mostRules = 20;

/** The alert rules that a rollout heeds, one a line. */
export function readAlerts(inputs: Inputs): readonly TypedRule[] {
  const lines = inputs.lines('alerts');
  const rules = lines.map(ruleIn);
  const names = lines.map((line) => line.replace(/\/+$/, '').toLowerCase());
  const twice = lines.find((_, index) => names.indexOf(names[index] ?? '') < index);
  if (twice !== undefined)
    throw new Failure(
      'ContradictoryInputs',
      `Input "alerts" names "${twice}" twice`,
      'Name each rule once: upper and lower case do not matter.',
    );
  if (rules.length <= mostRules) return rules;
  throw new Failure(
    'InputOutOfRange',
    `Input "alerts" names ${rules.length} rules`,
    `At most ${mostRules}: name those that would stop a rollout.`,
  );
}

function ruleIn(line: string): TypedRule {
  const rule = parseAlertRule(line);
  if (rule) return rule;
  throw new Failure(
    'InvalidInput',
    `Input "alerts" is "${line}"`,
    'Each line is the name of an alert rule in the resource group of the scale set, or the id of one: a metric alert, a log search alert (scheduledQueryRules) or an activity log alert.',
  );
}
