/** `template = custom` out of `template = custom && reuse != never`. */
export interface Condition {
  readonly input: string;
  readonly value: string;
}

const condition = /^([A-Za-z][A-Za-z0-9]*)\s*(?:=|==|!=)\s*(\S.*)$/;

/** The conditions of a visibleRule, or undefined when it is not `a = x || b != y` or `a = x && b != y`. */
export function readVisibleRule(rule: string): readonly Condition[] | undefined {
  if (rule.includes('&&') && rule.includes('||')) return undefined; // the editor knows no brackets and no precedence
  const found = rule.split(/&&|\|\|/).map((part) => condition.exec(part.trim()));
  const conditions = found.flatMap((match) => (match?.[1] && match[2] ? [{ input: match[1], value: match[2] }] : []));
  return conditions.length === found.length ? conditions : undefined;
}
