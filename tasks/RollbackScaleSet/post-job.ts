import { currentAgent } from '../common/agent/current-agent.ts';
import { runTask } from '../common/agent/run-task.ts';
import { runPostJob } from '../common/execute/ending/post-job.ts';

void runTask(currentAgent, runPostJob);
