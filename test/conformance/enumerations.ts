import { list, object } from '../azure/core/json.ts';
import type { Documents, Place } from './operations.ts';

/** A word that is none of those which the documents name. */
export interface StrangeWord {
  readonly at: string;
  readonly word: string;
  readonly known: readonly string[];
}

/** A known word in other letters: in requests Resource Manager does not mind. */
export const isSpelledOtherwise = ({ word, known }: StrangeWord): boolean =>
  known.some((right) => right.toLowerCase() === word.toLowerCase());

/** oav takes any word where the documents say `modelAsString`; Azure sends only those that it names. */
export function strangeWords(documents: Documents, schema: Place, body: unknown, path = ''): readonly StrangeWord[] {
  const { file, value } = documents.resolve(schema);
  const inside = (inner: unknown): Place => ({ file, value: object(inner) });
  const found = list(value['allOf']).flatMap((part) => strangeWords(documents, inside(part), body, path));
  if (typeof body === 'string') return [...found, ...wordIn(list(value['enum']).map(String), body, path)];
  if (Array.isArray(body))
    return [
      ...found,
      ...body.flatMap((item, index) => strangeWords(documents, inside(value['items']), item, `${path}/${index}`)),
    ];
  const properties = object(value['properties']);
  return [
    ...found,
    ...Object.entries(object(body)).flatMap(([name, item]) => {
      const member = properties[name] ?? value['additionalProperties'];
      return member === undefined ? [] : strangeWords(documents, inside(member), item, `${path}/${name}`);
    }),
  ];
}

const wordIn = (known: readonly string[], word: string, at: string): readonly StrangeWord[] =>
  known.length === 0 || known.includes(word) ? [] : [{ at, word, known }];
