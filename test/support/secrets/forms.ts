/** Shorter ones stand in every text by chance. */
const shortest = 6;

/**
 * The forms in which a secret may leave: as it is, line by line, percent-encoded, as a form field, inside of JSON, as data
 * of a command to the agent, and in base64 at any place of a longer text.
 */
export function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).filter((line) => !/^-----[A-Z ]+-----$/.test(line));
  const forms = lines.flatMap((line) => [line, ...encoded(line), ...base64Anywhere(line)]);
  return [...new Set(forms)].filter((form) => form.length >= shortest);
}

const encoded = (text: string): readonly string[] => [
  encodeURIComponent(text),
  new URLSearchParams({ x: text }).toString().slice('x='.length),
  JSON.stringify(text).slice(1, -1),
  text.replaceAll('%', '%AZP25'),
];

/** What of its base64 does not depend on what stands before and after it, for the three places it may begin at. */
function base64Anywhere(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const own = whole.slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
