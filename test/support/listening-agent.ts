import type { Agent } from '../../tasks/common/agent/agent.ts';

/** An agent that only listens: what a task says in the end. */
export function listeningAgent() {
  const said = { lines: [] as string[], outputs: {} as Record<string, string>, summary: '' };
  const agent: Pick<Agent, 'log' | 'output' | 'summary'> = {
    log: { line: (text: string) => void said.lines.push(text) } as Agent['log'],
    output: (name, value) => void Object.assign(said.outputs, { [name]: value }),
    summary: (_title, markdown) => void Object.assign(said, { summary: markdown }),
  };
  return { said, agent: agent as Agent };
}
