import { Failure } from '../common/failure.ts';
import { packerArguments } from '../common/packer/arguments.ts';
import { type BakedImage, bakedImage } from '../common/packer/baked-image.ts';
import { packerEnvironment } from '../common/packer/environment.ts';
import { compareVersions, findPacker } from '../common/packer/find-packer.ts';
import { type PackerCommand, packerFailure } from '../common/packer/packer-failure.ts';
import { agentPatienceMs } from '../common/packer/patience.ts';
import { probePacker } from '../common/packer/probe.ts';
import { type PackerRun, runPacker } from '../common/packer/run-packer.ts';
import { type TempFiles, withTempFiles } from '../common/packer/temp-file.ts';
import { artifactsIn } from '../common/packer/transcript.ts';
import { variableFile } from '../common/packer/variables.ts';
import { assertMayBake } from './bake-rights.ts';
import type { BakeRequest } from './inputs.ts';
import { agentListener } from './listener.ts';
import { findManifest } from './manifest.ts';
import { sayProxy, writeTrust } from './packer-network.ts';
import { type CredentialSource, withCredentials } from './packer-sign-in.ts';
import type { Surroundings } from './surroundings.ts';
import { readTemplateText, templateRemarks, templateWarnings } from './template-notes.ts';

export interface Bake {
  readonly image: BakedImage;
  /** Empty when the template has no manifest post-processor, or one whose path can't be known. */
  readonly manifestPath: string;
  readonly packerVersion: string;
  readonly durationMs: number;
}

/** Runs Packer with the author's template, and says which image came of it. */
export async function bakeImage(request: BakeRequest, around: Surroundings): Promise<Bake> {
  const { agent, clock, newId } = around;
  const startedAt = clock.now();
  const text = await readTemplateText(request.template);
  for (const warning of templateWarnings(request, text)) agent.log.warning(warning);
  for (const remark of templateRemarks(request, text)) agent.log.line(remark);
  sayProxy(around);
  await assertMayBake(request, text, around);
  return withTempFiles(agent.tempFolder, newId, (files) =>
    withCredentials(request.connection, around, async (credentials) => {
      const packer = await preparePacker(request, around, files);
      await prepareTemplate(packer, credentials);
      const run = await runCommand('build', packer, credentials);
      const { path, note } = await findManifest({
        text,
        kind: request.template.kind,
        folder: request.folder,
        startedAt,
      });
      if (note !== undefined) agent.log.line(note);
      return {
        image: bakedImage(artifactsIn(run.transcript)),
        manifestPath: path,
        packerVersion: packer.version,
        durationMs: clock.now() - startedAt,
      };
    }),
  );
}

/** A Packer that is ready to run: where it is, what it trusts, where its variables lie. */
interface ReadyPacker {
  readonly request: BakeRequest;
  readonly around: Surroundings;
  readonly files: TempFiles;
  readonly program: string;
  readonly version: string;
  readonly caFile: string | undefined;
  readonly variableFiles: readonly string[];
  /** One deadline for all commands together. */
  readonly deadline: number;
}

async function preparePacker(request: BakeRequest, around: Surroundings, files: TempFiles): Promise<ReadyPacker> {
  const program = await findPacker(around.machine);
  const caFile = await writeTrust(around, files);
  // It calls nobody: neither credentials nor the proxy's password are its business.
  const environment = packerEnvironment({ inherited: around.machine.environment, credentials: {}, network: {} });
  const version = await probePacker({ program, folder: request.folder, environment }, supervision(around, files));
  around.agent.log.line(`Packer ${version} (${program})`);
  const own =
    request.variables.length === 0
      ? []
      : [await files.write('variables.pkrvars.json', variableFile(request.variables, request.template.kind))];
  const deadline = around.clock.now() + request.timeoutInMinutes * 60_000;
  return {
    request,
    around,
    files,
    program,
    version,
    caFile,
    deadline,
    variableFiles: [...request.variableFiles, ...own],
  };
}

/** `packer init` exists since 1.7, and only for HCL2; it asks the network only for plugins that are missing. */
const hasInit = ({ request, version }: ReadyPacker) =>
  request.template.kind === 'hcl2' && compareVersions(version, '1.7.0') >= 0;

async function prepareTemplate(packer: ReadyPacker, credentials: CredentialSource): Promise<void> {
  const { log, progress } = packer.around.agent;
  if (hasInit(packer)) await log.group('packer init', () => runCommand('init', packer, async () => ({})));
  progress(1, 'Checking the template');
  await log.group('packer validate', () => runCommand('validate', packer, credentials));
}

/** Runs one command to a good end, or throws what went wrong. */
async function runCommand(
  command: PackerCommand,
  packer: ReadyPacker,
  credentials: CredentialSource,
): Promise<PackerRun> {
  const { request, around, files, program, caFile, variableFiles, deadline } = packer;
  const { agent, machine, clock } = around;
  if (agent.cancelled.aborted) throw cancelledBefore(command);
  const environment = packerEnvironment({
    inherited: machine.environment,
    credentials: await credentials(),
    network: agent.network,
    caFile,
  });
  const args = packerArguments(command, {
    template: request.template.path,
    variableFiles,
    only: request.onlyBuilds,
    except: request.exceptBuilds,
  });
  const limits = { ...supervision(around, files), timeoutMs: Math.max(0, deadline - clock.now()) };
  const run = await runPacker(
    { program, args, folder: request.folder, environment },
    limits,
    agentListener(around, command),
  );
  const failure = packerFailure(
    { command, template: request.template.path, timeout: `${request.timeoutInMinutes} minutes` },
    run.ending,
    run.transcript,
  );
  if (failure) throw failure;
  return run;
}

const cancelledBefore = (command: PackerCommand) =>
  new Failure('Cancelled', `The run was cancelled before packer ${command} began`, '');

/** Deleting a resource group takes minutes, and after a timeout nobody else is in a hurry. */
const cleanUpAfterTimeoutMs = 600_000;

const supervision = ({ agent, machine, clock }: Surroundings, files: TempFiles) => ({
  clock,
  platform: machine.platform,
  files,
  cancelled: agent.cancelled,
  cleanUpMs: { cancel: agentPatienceMs(machine.environment), timeout: cleanUpAfterTimeoutMs },
});
