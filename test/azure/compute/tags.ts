import { ArmError } from '../core/arm-errors.ts';
import type { Tags } from './state.ts';

/** Fifty tags, names of 512 and values of 256 characters, no `<>%&\?/` in names (azure.md §16). */
export function requireTags(tags: Tags): Tags {
  const names = Object.keys(tags);
  if (names.length > 50)
    throw invalid('InvalidTagCount', `The number of tags ${names.length} exceeds the limit of 50.`);
  for (const [name, value] of Object.entries(tags)) {
    if (name.length > 512 || /[<>%&\\?/]/.test(name))
      throw invalid('InvalidTagNameCharacters', `The tag name '${name}' is too long or contains reserved characters.`);
    if (value.length > 256)
      throw invalid(
        'InvalidTagValueLength',
        `Tag value too large. The length of the value of tag '${name}' is ${value.length}; the limit is 256.`,
      );
  }
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  if (distinct.size !== names.length)
    throw invalid('DuplicateTagNames', 'Tag names are compared without regard to case.');
  return tags;
}

const invalid = (code: string, message: string) => new ArmError(400, code, message);
