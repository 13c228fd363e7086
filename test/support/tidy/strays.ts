import { type Source, withoutComments } from './source.ts';

/** Words that belong to few files, and where they may stand. */
interface Stray {
  readonly word: RegExp;
  readonly within: RegExp;
  readonly except: RegExp;
  readonly because: string;
}

/** Shipped code, and the part of the simulated Azure that runs on simulated time. */
const onClock =
  /^(tasks\/|test\/azure\/(core|sign-in|resources|compute|machines\/virtual)\/(?!support\.ts|.*\.test\.ts))/;

const strays: readonly Stray[] = [
  {
    word: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bprocess\.hrtime\b/,
    within: onClock,
    except: /^tasks\/common\/clock\.ts$/,
    because: 'the time is an argument; only clock.ts knows it',
  },
  {
    word: /(?<!socket\.)\bset(Timeout|Interval|Immediate)\(|\btimers\/promises\b|\bAbortSignal\.timeout\b/,
    within: onClock,
    except: /^tasks\/common\/(clock\.ts$|agent\/)/,
    because: 'waiting is clock.sleep; only clock.ts has timers',
  },
  {
    word: /\bMath\.random\b|\brandomUUID\b|\brandomInt\b/,
    within: onClock,
    except: /^tasks\/common\/random\.ts$/,
    because: 'chance is an argument; only random.ts has any (a key is no chance: randomBytes)',
  },
  {
    word: /\bprocess\.env\b|\bprocess\.argv\b/,
    within: onClock,
    except: /^tasks\/common\/agent\//,
    because: 'what comes from the agent is read in agent/ once',
  },
  // spelled in parts, so that this file does not find itself
  {
    word: new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X\\b'].join('')),
    within: /./,
    except: /^$/,
    because: 'finish it or write an issue',
  },
  {
    word: /\b(describe|it|context)\.(only|skip)\(\s*['"`]/,
    within: /\.test\.ts$/,
    except: /^test\/tidy\.test\.ts$/,
    because: 'every test runs, or says itself why it can not',
  },
];

/** Words where they do not belong, with their line. Comments may say them, but for promises to finish later. */
export function strayFindings(sources: readonly Source[]): readonly string[] {
  return sources.flatMap((source) =>
    strays
      .filter(({ within, except }) => within.test(source.path) && !except.test(source.path))
      .flatMap((stray) => lines(source, stray)),
  );
}

function lines({ path, text }: Source, { word, within, because }: Stray): readonly string[] {
  const searched = within.source === '.' ? text : withoutComments(text);
  return searched
    .split('\n')
    .flatMap((line, index) => (word.test(line) ? [`${path}:${index + 1} ${line.trim()}: ${because}`] : []));
}
