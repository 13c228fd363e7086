import { handlerTargets, type TaskJson } from '../task-json.ts';
import { sameWords, show, unless } from './head.ts';

const handlers = ['Node20_1', 'Node24'];

const targetOf = (handler: string) => (handler.startsWith('postjobexecution') ? 'post-job.js' : 'index.js');

/** The first agent that has the handler Node20_1 (azure-pipelines-tasks, docs/migrateNode24.md). */
const firstAgent = '4.248.0';

/** Which Node runs which file, and which agent is new enough to have it. */
export function handlerFindings(task: Partial<TaskJson>): readonly string[] {
  const agent = String(task.minimumAgentVersion);
  return [
    ...unless(
      sameWords(Object.keys(task.execution ?? {}), handlers),
      `execution must have the handlers ${handlers.join(' and ')}`,
    ),
    ...unless(
      task.postjobexecution === undefined || sameWords(Object.keys(task.postjobexecution), handlers),
      `postjobexecution must have the handlers ${handlers.join(' and ')}`,
    ),
    ...handlerTargets(task).flatMap(({ handler, target }) =>
      unless(target === targetOf(handler), `${handler} has the target ${show(target)}; it runs ${targetOf(handler)}`),
    ),
    ...unless(
      /^\d+\.\d+\.\d+$/.test(agent) && !isBelow(agent, firstAgent),
      `minimumAgentVersion ${show(task.minimumAgentVersion)} must be ${firstAgent} or later, the first agent with Node20_1`,
    ),
  ];
}

/** `4.99.0` is below `4.248.0`: parts are compared as numbers, the first that differs decides. */
function isBelow(version: string, least: string): boolean {
  const [found, wanted] = [version.split('.').map(Number), least.split('.').map(Number)];
  const at = wanted.findIndex((part, index) => part !== found[index]);
  return at >= 0 && Number(found[at]) < Number(wanted[at]);
}
