import { leftBehindHint, type PackerCommand } from '../common/packer/packer-failure.ts';
import { agentPatienceMs } from '../common/packer/patience.ts';
import type { Listener } from '../common/packer/run-packer.ts';
import type { Surroundings } from './surroundings.ts';

/** Tells the agent what Packer says. The log makes every line harmless before it is printed. */
export function agentListener({ agent, machine }: Surroundings, command: PackerCommand): Listener {
  return {
    line: (text) => agent.log.line(text),
    progress: (percent, step) => agent.progress(Math.max(1, percent), step),
    stopping(reason, transcript) {
      const until =
        reason === 'cancel'
          ? `within ${Math.round(agentPatienceMs(machine.environment) / 1000)} s, before the agent kills this task`
          : 'now';
      agent.log.warning(
        [`packer ${command} is asked to stop and to clean up ${until}.`, leftBehindHint(transcript)].join(' ').trim(),
      );
    },
  };
}
