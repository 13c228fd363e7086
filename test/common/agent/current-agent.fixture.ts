import { createServer } from 'node:net';
import { currentAgent } from '../../../tasks/common/agent/current-agent.ts';
import { runTask } from '../../../tasks/common/agent/run-task.ts';

/** A task that does what its first input says: run by current-agent.test.ts in a process of its own. */
void runTask(currentAgent, async (agent) => {
  const { log } = agent;
  switch (agent.inputs.text('story')) {
    case 'tell': {
      const connection = agent.connection('azureSubscription');
      log.line(`signs in by ${connection.secret.scheme} with ${JSON.stringify(connection)}`);
      log.line(`run ${JSON.stringify(agent.run)}`);
      log.line(`network ${JSON.stringify(agent.network)}`);
      agent.output('outcome', 'done; 100%');
      agent.progress(33.4, 'a third');
      agent.summary('Web: canary', '# Nodes');
      return { result: 'succeeded', message: 'told' };
    }
    case 'remember':
      agent.memory.remember('phoenix.left', '{"a": "50%;]"}');
      return { result: 'succeeded', message: 'remembered' };
    case 'recall':
      log.line(`recalled ${agent.memory.recall('phoenix.left')}, ${agent.memory.recall('phoenix.other')}`);
      log.line(`connects ${agent.connectionOf('c0ffee00-0000-4000-a000-000000000001', '').secret.scheme}`);
      return { result: 'succeeded', message: 'recalled' };
    case 'leave a server open':
      await new Promise<void>((resolve) => createServer().listen(0, '127.0.0.1', resolve));
      log.line('x'.repeat(3_000));
      for (let count = 0; count < 2_000; count += 1) log.line(`line ${count} ${'y'.repeat(200)}`);
      return { result: 'succeeded', message: 'the server is still there' };
    case 'wait for nothing':
      return new Promise(() => {});
    case 'break in the background':
      void Promise.reject(new Error('nobody looked'));
      return new Promise(() => {});
    case 'wait for the cancel signal':
      log.line('waiting');
      await new Promise((resolve) => {
        const still = createServer().listen(0, '127.0.0.1');
        agent.cancelled.addEventListener('abort', () => still.close(resolve));
      });
      return { result: 'failed', message: 'put back what could be put back' };
    default:
      throw new Error('no such story');
  }
});
