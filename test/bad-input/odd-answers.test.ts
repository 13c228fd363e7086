import assert from 'node:assert/strict';
import type { TaskName } from './support/case.ts';
import { runOn } from './support/run-case.ts';
import { openStage } from './support/stage.ts';

type Path = readonly (string | number)[];

/** What stands in a field in place of what belongs there; Azure itself sends `null` now and then. */
const odd = [null, 'x', 42, [], {}, true, [null], ['x']];

const places: readonly (readonly [task: TaskName, ending: string])[] = [
  ['UpgradeScaleSetNodes', '/virtualmachinescalesets/shop'],
  ['UpgradeScaleSetNodes', '/shop/virtualmachines'],
  ['UpgradeScaleSetNodes', '/versions/2.0.0'],
  ['UpgradeScaleSetNodes', '/images/web'],
  ['UpgradeScaleSetNodes', '/permissions'],
  ['PublishGalleryVersion', '/images/web-1'],
  ['PublishGalleryVersion', '/galleries/gallery'],
  ['PublishGalleryVersion', '/versions/5.0.0'],
];

describe('an answer with something odd in any of its fields', function () {
  this.timeout(60_000);
  for (const [task, ending] of places)
    it(`is no defect of ${task}: ${ending}`, async () => {
      const { answer } = await playWith(task, ending, (body) => body);
      const paths = fieldsOf(answer);
      assert.ok(paths.length > 5, 'nothing was asked there');
      for (const [index, path] of paths.entries()) {
        const instead = odd[index % odd.length];
        const { errors } = await playWith(task, ending, (body) => withField(body, path, instead));
        const defects = errors.filter(({ code }) => code === 'Defect' || code === '');
        assert.deepEqual(defects, [], `${path.join('.')} is ${JSON.stringify(instead)}`);
      }
    });
});

/** Plays a task while one answer of Azure is changed on its way; an upgrade only plans. */
async function playWith(task: TaskName, ending: string, change: (body: unknown) => unknown) {
  const stage = openStage();
  let seen: unknown;
  stage.between((inner) => ({
    async sendRequest(request) {
      const answer = await inner.sendRequest(request);
      const isHere = request.method === 'GET' && new URL(request.url).pathname.toLowerCase().endsWith(ending);
      if (!isHere || answer.status !== 200) return answer;
      seen ??= JSON.parse(answer.bodyAsText ?? '');
      return { ...answer, bodyAsText: JSON.stringify(change(JSON.parse(answer.bodyAsText ?? ''))) };
    },
  }));
  try {
    const { errors } = await runOn(stage, task, task === 'UpgradeScaleSetNodes' ? { plan: 'true' } : {});
    return { errors, answer: seen };
  } finally {
    stage.close();
  }
}

/** Every field, the whole among them; of a list the first entry stands for all. */
function fieldsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? [...value.entries()].slice(0, 1) : Object.entries(value);
  return [at, ...entries.flatMap(([key, one]) => fieldsOf(one, [...at, key]))];
}

function withField(value: unknown, [head, ...rest]: Path, instead: unknown): unknown {
  if (head === undefined) return instead;
  if (Array.isArray(value)) return value.map((one, index) => (index === head ? withField(one, rest, instead) : one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === head ? withField(one, rest, instead) : one]),
  );
}
