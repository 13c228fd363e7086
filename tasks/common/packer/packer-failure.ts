import { harmlessLine } from '../agent/harmless.ts';
import { Failure } from '../failure.ts';
import type { Ending } from './supervise.ts';
import { groupsLeft, type Transcript } from './transcript.ts';

export type PackerCommand = 'init' | 'validate' | 'build';

export interface Attempt {
  readonly command: PackerCommand;
  /** The template as the author typed it. */
  readonly template: string;
  /** As the author typed it: `2h`. */
  readonly timeout: string;
}

/** Turns an ending that is not a success into words; undefined when Packer ended well and by itself. */
export function packerFailure(attempt: Attempt, ending: Ending, transcript: Transcript): Failure | undefined {
  if (ending.stoppedBy === 'cancel') return cancelled(attempt, ending, transcript);
  if (ending.stoppedBy === 'timeout') return timedOut(attempt, ending, transcript);
  if (ending.exitCode === 0) return undefined; // 1.6.6 also ends so after an interrupt, hence the order
  return ended(attempt, ending, transcript);
}

function cancelled({ command }: Attempt, ending: Ending, transcript: Transcript): Failure {
  return new Failure(
    'Cancelled',
    `packer ${command} was cancelled${cleanUpState(ending, transcript)}`,
    leftBehindHint(transcript),
  );
}

function timedOut({ command, timeout }: Attempt, ending: Ending, transcript: Transcript): Failure {
  const step = currentSteps(transcript.steps);
  return new Failure(
    'PackerTimeout',
    `packer ${command} did not end within ${timeout}${step && `; it was in ${step}`}${cleanUpState(ending, transcript)}`,
    `Raise "timeoutInMinutes", or find out what the step waits for. ${leftBehindHint(transcript)}`.trim(),
  );
}

function cleanUpState({ unfinished }: Ending, transcript: Transcript): string {
  if (unfinished) return '; its clean-up had not ended when this task had to';
  return groupsLeft(transcript).length === 0 ? '; Packer has cleaned up' : '; Packer has ended';
}

/** What may be left in Azure, by name. */
export function leftBehindHint(transcript: Transcript): string {
  const groups = groupsLeft(transcript);
  if (groups.length === 0) return '';
  const commands = groups.map((group) => `az group delete --name ${group}`).join('; ');
  return `Resource group ${groups.join(', ')} may be left behind: look whether it is gone, else: ${commands}`;
}

function ended(attempt: Attempt, ending: Ending, transcript: Transcript): Failure {
  const how = ending.signal === undefined ? `exit code ${ending.exitCode}` : `signal ${ending.signal}`;
  const reasons = reasonsIn(transcript);
  const step = currentSteps(transcript.failedSteps);
  const said = reasons.length > 0 ? `: ${reasons.join('; ')}` : ' without saying why';
  const hints = [hintFor(reasons.join('\n')), leftBehindHint(transcript)].filter((text) => text !== '');
  return new Failure(
    codes[attempt.command],
    `packer ${attempt.command} of ${attempt.template} ended with ${how}${step && ` in ${step}`}${said}`,
    hints.join(' '),
  );
}

const codes = { init: 'PackerInitFailed', validate: 'TemplateInvalid', build: 'BuildFailed' } as const;

/** Packer's summary of each failed build, else the last lines of its errors. */
function reasonsIn({ failures, errorLines }: Transcript): readonly string[] {
  const said = failures.length > 0 ? failures.slice(0, 5) : errorLines.filter((line) => !isBoilerplate(line)).slice(-5);
  return said.map((line) => harmlessLine(line, longestReason));
}

/** The log above has the whole of it. */
const longestReason = 400;

const isBoilerplate = (line: string) => /^(==> Some builds didn't complete|--> )/.test(line);

function currentSteps(steps: Transcript['steps']): string {
  return Object.entries(steps)
    .map(([build, step]) => `"${step}" (${build})`)
    .join(', ');
}

/** Things that go wrong often, and the cure; Packer's own words are shown before it. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /Script exited with non-zero exit status|non-zero exit (code|status)/i,
    "A provisioner's script failed: its output is in the log above this message.",
  ],
  [
    /unknown (builder|source)|is unknown by Packer|missing plugin|plugin .* not (found|installed)/i,
    'Since 1.10 Packer brings no plugins along. HCL2: name it in required_plugins, in the template or in its folder if "templatePath" names that; the task then runs packer init. JSON: run "packer plugins install github.com/hashicorp/azure" in a step before this one.',
  ],
  [
    /already exists.*force|use -force/i,
    'An image of that name exists. Give each attempt its own: a variable with $(Build.BuildId)-$(System.JobAttempt) in it.',
  ],
  [/AADSTS7000215|invalid client secret/i, "The service connection's secret is wrong or has expired: renew it."],
  [
    /AADSTS700024|assertion is not within its valid time range/i,
    'The federated token is used up. Read oidc_request_url and oidc_request_token in the template (Azure plugin 2.2 or later).',
  ],
  [
    /missing the x5t header/i,
    'This Packer takes older federated tokens only. Use a Packer with the Azure plugin 2.2 or later, or a service connection with a secret.',
  ],
  [
    /AADSTS70021|AADSTS700213|no matching federated identity/i,
    "The service connection's federated credential does not match: its issuer and subject are on the connection's page.",
  ],
  [
    /AuthorizationFailed|does not have authorization/i,
    "The service connection's identity lacks a right: see docs/permissions.md.",
  ],
  [/timeout waiting for (SSH|WinRM)/i, "The machine was not reachable: check its network, and the agent's way to it."],
  [/QuotaExceeded|exceeding approved .* quota/i, 'Use a smaller vm_size, another region, or ask for more quota.'],
  [/SkuNotAvailable/i, 'Choose another vm_size or location in the template.'],
  [
    /x509|certificate signed by unknown authority/i,
    "Packer does not trust the server's certificate: configure the agent with --sslcacert, or the machine's own authorities.",
  ],
  [
    /no such host|proxyconnect|connection refused|i\/o timeout/i,
    "The agent could not reach a host: check the agent's proxy.",
  ],
];

const hintFor = (reason: string) =>
  cures.find(([words]) => words.test(reason))?.[1] ?? "Packer's last lines above say more.";
