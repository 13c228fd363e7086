import './before-libraries.ts'; // first of all
import { Writable } from 'node:stream';
import tl from 'azure-pipelines-task-lib/task.js';
import type { Agent, RunIdentity } from './agent.ts';
import { proxyPassword } from './before-libraries.ts';
import { cancellation } from './cancellation.ts';
import { harmlessLine } from './harmless.ts';
import { maskedForms } from './masks.ts';
import { command, printLog } from './print-log.ts';
import { type EndpointSource, readConnection } from './read-connection.ts';
import { readInputs } from './read-inputs.ts';
import { readNetwork } from './read-network.ts';
import { readRun } from './read-run.ts';
import { readService } from './read-service.ts';
import { stepMemory } from './step-memory.ts';
import { writeSummary } from './summary-file.ts';

/** The agent that runs this process. Beside `print-log.ts` (the format of commands) nothing else knows task-lib. */
export function currentAgent(): Agent {
  const log = printLog(write);
  const tempFolder = folder('Agent.TempDirectory');
  const workFolder = folder('System.DefaultWorkingDirectory');
  const inputs = readInputs((name) => quietly(() => tl.getInput(name, false)), { workFolder });
  return {
    inputs,
    log,
    network: readNetwork({ variable, mask, warn: log.warning }),
    cancelled: cancellation(process, process.platform, log),
    tempFolder,
    workFolder,
    get run(): RunIdentity {
      return readRun(variable);
    },
    get service() {
      return readService(endpoints, mask);
    },
    connection: (inputName) =>
      readConnection(endpoints, inputs.text(inputName), mask, inputs.optionalText('subscriptionId')),
    connectionOf: (id, subscriptionId) => readConnection(endpoints, id, mask, subscriptionId),
    memory: stepMemory({
      tell: (variableName, value) =>
        write(command('task.settaskvariable', { variable: variableName, issecret: 'false' }, value)),
      ask: (variableName) => quietly(() => tl.getTaskVariable(variableName)),
      tempFolder,
    }),
    mask,
    output: (name, value) => tl.setVariable(name, value, false, true),
    progress: (percent, text) =>
      tl.setProgress(Math.round(Math.min(100, Math.max(0, percent))), harmlessLine(text, 200)),
    summary: (title, markdown) => write(command('task.uploadsummary', {}, writeSummary(tempFolder, title, markdown))),
  };
}

const write = (line: string) => void process.stdout.write(`${line}\n`);

function mask(secret: string): void {
  for (const form of maskedForms(secret)) tl.setSecret(form);
}

const folder = (name: string) => variable(name) || process.cwd();

const variable = (name: string) =>
  name === 'agent.proxypassword' ? proxyPassword : quietly(() => tl.getVariable(name));

const endpoints: EndpointSource = {
  url: (id) => quietly(() => tl.getEndpointUrl(id, true)),
  scheme: (id) => quietly(() => tl.getEndpointAuthorizationScheme(id, true)),
  parameter: (id, key) => quietly(() => tl.getEndpointAuthorizationParameter(id, key, true)),
  data: (id, key) => quietly(() => tl.getEndpointDataParameter(id, key, true)),
  variable,
};

/** task-lib prints every value that it reads as a debug line, secrets included, before we could have them masked. */
function quietly<T>(read: () => T): T {
  tl.setStdStream(new Writable({ write: (_chunk, _encoding, done) => done() }));
  try {
    return read();
  } finally {
    tl.setStdStream(process.stdout);
  }
}
