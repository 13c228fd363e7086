import { type ModelPrint, type RecordState, recordStates } from './record.ts';
import { type Renewal, renewalIn } from './renewal.ts';
import { prefix } from './tag-fields.ts';
import { unreadable } from './unreadable.ts';

export function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '') throw unreadable(`tag ${prefix}${name} is missing`);
  return value;
}

export function stateIn(word: string): RecordState {
  const state = recordStates.find((known) => known === word);
  if (!state) throw unreadable(`tag ${prefix}state is "${word}"`);
  return state;
}

export const wantedIn = (text: string): number | 'all' => (text === 'all' ? 'all' : countIn('wanted')(text));

export const countIn = (name: string) => (text: string) => {
  if (!/^\d{1,6}$/.test(text)) throw unreadable(`tag ${prefix}${name} is "${text}"`);
  return Number(text);
};

export function timeIn(name: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw unreadable(`tag ${prefix}${name} is "${text}"`);
  return time;
}

export function renewIn(text: string): Renewal {
  const renewal = renewalIn(text);
  if (!renewal) throw unreadable(`tag ${prefix}renew is "${text}"`);
  return renewal;
}

/** `24.1.0 size=1a2b3c4d osProfile=…`: the version that made the prints, then each part's. */
export const printText = ({ by, parts }: ModelPrint) =>
  [by, ...Object.entries(parts).map(([name, print]) => `${name}=${print}`)].join(' ');

export function printIn(text: string): ModelPrint {
  const [by = '', ...parts] = text.split(' ');
  const pairs = parts.map((part) => part.split('='));
  if (pairs.some(([name, print]) => !name || !print)) throw unreadable(`tag ${prefix}model is "${text}"`);
  return { by, parts: Object.fromEntries(pairs) };
}
