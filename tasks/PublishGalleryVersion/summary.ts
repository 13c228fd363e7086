import { cell, table } from '../common/report/markdown.ts';
import { elapsed } from '../common/report/words.ts';
import type { PublishRequest } from './inputs.ts';
import type { Published } from './publish-version.ts';

/** What the run's page shows of a published version. */
export function publishSummary({ version }: PublishRequest, published: Published): string {
  const { id, sourceId, regions, excludeFromLatest, done, durationMs } = published;
  const rows = [
    ['Id', id],
    ['Source', sourceId],
    ['Regions', regions.join(', ')],
    ['Taken as latest', excludeFromLatest ? 'no' : 'yes'],
    ['This run', done.length > 0 ? done.join(', ') : 'nothing to do: it was there already'],
    ['Duration', elapsed(durationMs)],
  ];
  return `## ${cell(`${version.gallery}/${version.definition} ${version.version}`)}\n\n${table(['', ''], rows)}\n`;
}
