import { runMocha } from './mocha-report.ts';
import type { Mutation } from './mutation.ts';
import { unmutated, type Verdict, verdict } from './verdict.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

export interface Tried {
  readonly mutation: Mutation;
  readonly verdict: Verdict;
}

/** Takes each guard away in turn and sees whether its test notices; several copies of the project work side by side. */
export async function tryAll(
  project: string,
  mutations: readonly Mutation[],
  workers: number,
  tell: (tried: Tried) => void,
): Promise<readonly Tried[]> {
  const jobs = byTestFile(mutations);
  const tried: Tried[] = [];
  const work = async () => {
    const workshop = openWorkshop(project);
    try {
      for (let job = jobs.shift(); job; job = jobs.shift())
        for await (const one of tryJob(workshop, job)) {
          tried.push(one);
          tell(one);
        }
    } finally {
      workshop.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return tried;
}

/** The tests of one file are first run together as they are, in one go. The longest jobs begin. */
function byTestFile(mutations: readonly Mutation[]): (readonly Mutation[])[] {
  const jobs = new Map<string, Mutation[]>();
  for (const mutation of mutations) jobs.set(mutation.test.file, [...(jobs.get(mutation.test.file) ?? []), mutation]);
  return [...jobs.values()].sort((one, other) => other.length - one.length);
}

async function* tryJob(workshop: Workshop, job: readonly Mutation[]): AsyncGenerator<Tried> {
  const files = [...new Set(job.map(({ test }) => test.file))];
  const titles = [...new Set(job.map(({ test }) => test.title))];
  const before = await runMocha(workshop.folder, { files, titles });
  for (const mutation of job) {
    const problem = unmutated(before, mutation.test);
    if (problem !== undefined) yield { mutation, verdict: { kind: 'finding', because: problem } };
    else yield { mutation, verdict: await tryOne(workshop, mutation) };
  }
}

const tryOne = (workshop: Workshop, mutation: Mutation): Promise<Verdict> =>
  workshop.without(mutation, async () => {
    const { file, title } = mutation.test;
    return verdict(await runMocha(workshop.folder, { files: [file], titles: [title] }), mutation.test);
  });
