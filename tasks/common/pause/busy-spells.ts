import type { ProtectionAnswer } from '../azure/protection.ts';
import { lookupMs } from '../rollout/state.ts';

interface Spell {
  readonly since: number;
  readonly told: boolean;
}

/** How long Azure has answered a write with `busy`: a person is told once, and not of what passes by itself. */
export class BusySpells {
  readonly #spells = new Map<string, Spell>();

  /** Enters an answer; true when it is time to tell: busy for longer than a lost order is looked for. */
  isLong(what: string, answer: ProtectionAnswer, now: number): boolean {
    if (answer !== 'busy') {
      this.#spells.delete(what);
      return false;
    }
    const spell = this.#spells.get(what) ?? { since: now, told: false };
    const isLong = now - spell.since > lookupMs;
    this.#spells.set(what, { ...spell, told: spell.told || isLong });
    return isLong && !spell.told;
  }
}
