import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Result } from '../result.ts';
import { type Command, parseCommand } from './command.ts';
import { allowsCommand, allowsVariable } from './restrictions.ts';
import type { StepContext } from './step-context.ts';

type Handler = (context: StepContext, command: Command) => void;

/** learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands, as TaskCommandExtension.cs carries them out. */
const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['task.setvariable', setVariable],
  ['task.settaskvariable', setTaskVariable],
  ['task.setsecret', (context, { data }) => context.job.masker.add(data)],
  ['task.complete', complete],
  ['task.logissue', logIssue],
  ['task.issue', logIssue],
  ['task.setprogress', setProgress],
  ['task.uploadsummary', uploadSummary],
  ['build.uploadsummary', uploadSummary],
  [
    'task.addattachment',
    (context, command) => attach(context, need(command, 'type'), need(command, 'name'), command.data),
  ],
  [
    'task.uploadfile',
    (context, { data }) => attach(context, 'Distributedtask.Core.FileAttachment', basename(data), data),
  ],
  ['task.logdetail', logDetail],
  ['task.debug', (context, { data }) => context.debug(data)],
  ['task.prependpath', prependPath],
  ['build.updatebuildnumber', (context, { data }) => updateBuildNumber(context, data)],
  ['build.addbuildtag', () => {}],
  ['build.uploadlog', (context, { data }) => attach(context, 'Distributedtask.Core.Log', basename(data), data)],
  ['artifact.upload', uploadArtifact],
  ['artifact.associate', (_context, command) => void need(command, 'artifactname')],
]);

const documentation = 'See https://go.microsoft.com/fwlink/?LinkId=817296';

/**
 * Carries out the command in a line, wherever in the line it stands; false where there is none and the line is a text.
 * An unknown area gives a warning; an unknown event of a known area, or a command that breaks its form, fails the step
 * (agent: WorkerCommandManager.cs).
 */
export function tryCommand(context: StepContext, line: string): boolean {
  const command = parseCommand(line);
  if (command === undefined) {
    if (line.includes('##vso')) context.warning(`'${line}' has ##vso in it, and is no legal command. ${documentation}`);
    return false;
  }
  const area = command.area.toLowerCase();
  if (area === 'telemetry') return true;
  if (!['task', 'build', 'artifact'].includes(area)) {
    context.warning(`There is no ##vso[${command.area}.command]. ${documentation}`);
    return true;
  }
  carryOut(context, command, line);
  return true;
}

function carryOut(context: StepContext, command: Command, line: string): void {
  try {
    const handler = handlers.get(`${command.area}.${command.event}`.toLowerCase());
    if (handler === undefined)
      throw new Error(`##vso[${command.area}.${command.event}] is not a command that is known`);
    if (allowsCommand(context.step.restrictions, command.area, command.event)) handler(context, command);
    else
      context.warning(
        `##vso[${command.area}.${command.event}] is not allowed in this step due to policy restrictions. ${documentation}`,
      );
  } catch (problem) {
    context.error(`Unable to process command '${line}' successfully. ${documentation}`);
    context.error((problem as Error).message);
    context.failCommand();
  }
}

function need(command: Command, name: string): string {
  const value = command.property(name);
  if (value === undefined || value === '') throw new Error(`##vso[${command.area}.${command.event}] needs "${name}"`);
  return value;
}

function isTrue(command: Command, name: string): boolean {
  return command.property(name)?.trim().toLowerCase() === 'true';
}

function setVariable(context: StepContext, command: Command): void {
  const name = need(command, 'variable');
  const { variables, masker } = context.job;
  const secret = isTrue(command, 'issecret');
  if (variables.isReadOnly(name))
    context.warning(`Overwriting readonly variable '${name}'. This behavior will be disabled in the future.`);
  if (secret) refuseLines(context, command.data);
  if (secret) masker.add(command.data.replaceAll('%', '%AZP25').replaceAll(';', '%3B').replaceAll(']', '%5D'));
  if (!allowsVariable(context.step.restrictions, name)) {
    context.warning(`Setting variable '${name}' has been disabled by the task or build definition.`);
    return;
  }
  const [output, readOnly] = [isTrue(command, 'isoutput'), isTrue(command, 'isreadonly')];
  context.setVariable(name, command.data, { secret, output, readOnly, preserveCase: isTrue(command, 'preservecase') });
}

function setTaskVariable(context: StepContext, command: Command): void {
  const secret = isTrue(command, 'issecret');
  if (secret) refuseLines(context, command.data);
  context.taskVariables.set(need(command, 'variable'), command.data, {
    secret,
    readOnly: isTrue(command, 'isreadonly'),
  });
}

function refuseLines(context: StepContext, data: string): void {
  const allowed = context.job.variables.get('SYSTEM_UNSAFEALLOWMULTILINESECRET')?.toLowerCase() === 'true';
  if (data.includes('\n') && !allowed) throw new Error('Secrets cannot contain multiple lines');
}

const results: Readonly<Record<string, Result>> = {
  succeeded: 'succeeded',
  succeededwithissues: 'succeededWithIssues',
  failed: 'failed',
  canceled: 'canceled',
  cancelled: 'canceled',
  skipped: 'skipped',
};

/** The agent reads the result with its exact case. */
function complete(context: StepContext, command: Command): void {
  const written = command.property('result') ?? '';
  const result = results[written.toLowerCase()];
  if (result === undefined || !/^[A-Z]/.test(written)) throw new Error("Command doesn't have valid result value.");
  context.complete(result);
  context.setProgress(100, command.data);
  if (isTrue(command, 'done')) context.forceDone();
}

function logIssue(context: StepContext, command: Command): void {
  const type = command.property('type')?.toLowerCase();
  if (type === undefined) {
    context.warning("Can't create TaskIssue from logging event.");
    return;
  }
  if (type !== 'error' && type !== 'warning') throw new Error(`issue type ${type} is not an expected issue type.`);
  const source = command.property('sourcepath');
  const at = `${command.property('linenumber') ?? ''},${command.property('columnnumber') ?? ''}`;
  const where = source === undefined ? '' : `${source}(${at}): ${type} ${command.property('code') ?? ''}: `;
  context.issue({ type, message: where + command.data });
}

function setProgress(context: StepContext, command: Command): void {
  const percent = Number.parseInt(command.property('value') ?? '', 10);
  context.setProgress(Number.isNaN(percent) ? 0 : Math.min(Math.max(percent, 0), 100), command.data);
}

/** The page shows a summary under its file's name. The file is read now; a task may delete it later. */
function uploadSummary(context: StepContext, command: Command): void {
  if (command.data === '') throw new Error('Cannot upload summary file, summary file location is not specified.');
  attach(context, 'Distributedtask.Core.Summary', basename(command.data), command.data);
  const markdown = context.job.masker.mask(readFileSync(command.data, 'utf8'));
  context.summaries.push({ title: basename(command.data).replace(/\.md$/i, ''), markdown });
}

function attach(context: StepContext, type: string, name: string, path: string): void {
  if (/[/\0]/.test(type + name)) throw new Error('Type or name contains invalid characters.');
  if (path === '' || !existsSync(path))
    throw new Error('Cannot upload task attachment file, it does not exist on disk.');
  context.attachments.push({ type, name, path });
}

/** A record of the run's timeline; the page shows it under the step, the player only checks its form. */
function logDetail(context: StepContext, command: Command): void {
  const id = need(command, 'id');
  if (!/^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?$/i.test(id)) throw new Error(`"${id}" is no GUID`);
  context.debug(`detail ${id} ${command.property('name') ?? ''} ${command.property('progress') ?? ''} ${command.data}`);
}

function prependPath(context: StepContext, { data }: Command): void {
  if (!allowsVariable(context.step.restrictions, 'PATH')) {
    context.warning("Setting variable 'PATH' has been disabled by the task or build definition.");
    return;
  }
  if (data === '') throw new Error('##vso[task.prependpath] needs a folder');
  const { prependedPath } = context.job;
  const at = prependedPath.indexOf(data);
  if (at >= 0) prependedPath.splice(at, 1);
  prependedPath.unshift(data);
}

/** The agent uploads while the job goes on; here the files are taken at once (agent: ArtifactCommandExtension.cs). */
function uploadArtifact(context: StepContext, command: Command): void {
  const name = need(command, 'artifactname');
  if (command.data === '') throw new Error('Artifact location is required.');
  const path = resolve(context.job.variables.get('system.defaultWorkingDirectory') ?? '', command.data);
  context.job.artifacts.upload(name, command.property('containerfolder') ?? '', path);
}

function updateBuildNumber(context: StepContext, number: string): void {
  if (number === '') throw new Error('Build number is required to update.');
  context.job.variables.set('build.buildNumber', number);
  context.job.setBuildNumber(number);
}
