import { badRequest } from '../../core/arm-errors.ts';
import type { Json } from '../../core/http.ts';
import { at, list } from '../../core/json.ts';
import type { Instance, ScaleSet } from '../state.ts';

/** Compute REST, `ScaleInPolicy.rules`. */
const rules = ['Default', 'OldestVM', 'NewestVM'] as const;
type Rule = (typeof rules)[number];

/** Refuses a scale-in policy that a write brings and nobody knows. Only the first rule counts: own reading of a list. */
export function requireScaleInPolicy(properties: Json): void {
  for (const rule of list(at(properties, 'scaleInPolicy', 'rules')))
    if (!isRule(rule))
      throw badRequest(`The rule '${rule}' of scaleInPolicy must be one of ${rules.join(', ')}.`, 'scaleInPolicy');
}

const isRule = (rule: unknown): rule is Rule => rules.some((known) => known === rule);

function ruleOf(set: ScaleSet): Rule {
  const [rule] = list(at(set.properties, 'scaleInPolicy', 'rules'));
  return isRule(rule) ? rule : 'Default';
}

/**
 * Whom a lower capacity costs (doc scale-in-policy): the fullest zones first, then by the policy; protected ones never.
 * Fewer than `count` when there are not so many.
 */
export function chooseScaleIn(set: ScaleSet, present: readonly Instance[], count: number): readonly Instance[] {
  const left = [...present];
  const chosen: Instance[] = [];
  while (chosen.length < count) {
    const [next] = left.filter((instance) => !isProtected(instance)).sort(orderOf(set, left));
    if (!next) break;
    chosen.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return chosen;
}

/** From scale-in, by either protection (doc instance-protection). */
export const isProtected = ({ protection }: Instance): boolean =>
  protection.protectFromScaleIn || protection.protectFromScaleSetActions;

/** `left` are those who would stay, protected ones among them: they fill their zone like any other. */
function orderOf(set: ScaleSet, left: readonly Instance[]) {
  const crowd = (key: (instance: Instance) => string | number | undefined) => {
    const sizes = new Map<string | number | undefined, number>();
    for (const instance of left) sizes.set(key(instance), (sizes.get(key(instance)) ?? 0) + 1);
    return (a: Instance, b: Instance) => (sizes.get(key(b)) ?? 0) - (sizes.get(key(a)) ?? 0);
  };
  const zones = crowd(({ zone }) => zone);
  const faultDomains = crowd(({ zone, faultDomain }) => `${zone}/${faultDomain}`);
  const oldest = (a: Instance, b: Instance) => a.createdAt - b.createdAt || a.ordinal - b.ordinal;
  const highest = (a: Instance, b: Instance) => b.ordinal - a.ordinal;
  const byRule = {
    Default: (a: Instance, b: Instance) => faultDomains(a, b) || highest(a, b),
    OldestVM: oldest,
    NewestVM: (a: Instance, b: Instance) => oldest(b, a),
  }[ruleOf(set)];
  return (a: Instance, b: Instance) => (set.zones.length > 0 ? zones(a, b) : 0) || byRule(a, b);
}
