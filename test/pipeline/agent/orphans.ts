import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends what a job has left running, as the agent does at a job's end: it finds its processes by an environment variable
 * that they all inherited (agent: JobExtension.cs, VSTS_PROCESS_LOOKUP_ID). Linux only, as /proc is asked.
 */
export function killOrphans(lookupId: string): readonly number[] {
  const found = processIds().filter((processId) =>
    environmentOf(processId).includes(`VSTS_PROCESS_LOOKUP_ID=${lookupId}`),
  );
  for (const processId of found) kill(processId);
  return found;
}

function processIds(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that has gone, or that belongs to someone else. */
function environmentOf(processId: number): readonly string[] {
  try {
    return readFileSync(`/proc/${processId}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function kill(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL');
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem;
  }
}
