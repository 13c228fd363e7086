import { fileURLToPath } from 'node:url';
import { startTask, type TaskEnd, type TaskStart } from '../../support/run-task.ts';

const script = fileURLToPath(new URL('container.sh', import.meta.url));

/** What the agent says to a task in a container: the paths in there, and nothing of the host (pipelines.md §10). */
const inside = {
  HOME: undefined,
  USERPROFILE: undefined,
  LANG: undefined,
  PATH: undefined,
  AGENT_TEMPDIRECTORY: '/__w/_temp',
  AGENT_WORKFOLDER: '/__w',
  SYSTEM_DEFAULTWORKINGDIRECTORY: '/__w/1/s',
};

/** Runs a task as a job in a container does, in namespaces of its own; `home` is the step's folder on the host. */
export function runInContainer(start: TaskStart & { readonly home: string }): Promise<TaskEnd> {
  const { home } = start;
  const entry = ['unshare', '--mount', '--pid', '--fork', '--ipc', '--uts', 'bash', '-c', `. ${script}`, home];
  const hostPath = (path: string) => path.replace('/__w/_temp', `${home}/temp`).replace('/__w/1/s', `${home}/work`);
  return startTask({ ...start, entry, hostPath, env: { ...start.env, ...inside } }).ended;
}
