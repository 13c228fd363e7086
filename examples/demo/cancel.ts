/** The first Ctrl-C cancels the pipeline run, as its button does, and cleans up; the second one gives up. */
export function cancelOnSignal(say: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      say('** Interrupted: cancelling what runs, and cleaning up');
      controller.abort();
    });
  return controller.signal;
}
