import type { Agent } from '../common/agent/agent.ts';
import type { Conclusion } from '../common/agent/run-task.ts';
import { recordRows, recordSummary } from '../common/report/record-summary.ts';
import type { RecordResult } from './record-action.ts';

const outcomes = { show: 'shown', adopt: 'adopted', release: 'released', forget: 'forgotten' } as const;

/** Says how the record stands now, in the log and on the run's page. */
export function concludeRecord(
  { request, sentence, record, modelImage, nodes }: RecordResult,
  agent: Agent,
): Conclusion {
  const rows = recordRows(record, modelImage, nodes);
  for (const [what, says] of rows) agent.log.line(`${what}: ${says}`);
  agent.output('outcome', outcomes[request.action]);
  agent.summary(`Record of ${request.set.name}`, recordSummary(sentence, rows));
  return { result: 'succeeded', message: sentence };
}
