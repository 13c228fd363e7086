import { secretSearch } from '../../support/secrets/search.ts';
import type { Evidence } from './run.ts';

/** Where secrets of a run stand that must not: searched is everything that it left. */
export function look(evidence: Evidence) {
  const { end, secrets, files, processes, tags, tally } = evidence;
  const find = secretSearch(secrets);
  // The agent takes these lines as what to hide; it shows none of them.
  const lines = `${end.stdout}\n${end.stderr}`.split('\n').filter((line) => !line.startsWith('##vso[task.setsecret]'));
  // A child that has not yet begun its own program is still seen as its parent.
  const own = processes.seen.filter((one) => one.pid === evidence.pid).map(({ argv }) => argv);
  const children = processes.seen.filter(({ argv }) => !own.includes(argv));
  const searched: readonly (readonly [string, string | Buffer])[] = [
    ...lines.map((line) => ['a line', line] as const),
    ...files.flatMap(({ path, content }) => [['a name', path] as const, [path, content] as const]),
    ...processes.seen.map(({ argv }) => ['a command line', argv] as const),
    // Its own environment is the agent's work: that is how a step gets its secrets.
    ...children.map(({ environment }) => ['an environment', environment] as const),
    ...end.summaries.map((text) => ['a summary', text] as const),
    ...tally.openly.map((call) => ['a call', call] as const),
    ['the tags', tags],
  ];
  const places = searched.flatMap(([where, text]) => find(text).map((name) => `${name} in ${where}`));
  return { places, files: files.length, snapshots: processes.snapshots, lines: lines.length };
}
