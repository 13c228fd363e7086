import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PackerStart, recordedPacker } from '../../support/recorded-packer.ts';
import { type Evidence, watched } from './run.ts';
import { onStage, type Wishes } from './stage.ts';
import { stepEnvironment } from './step.ts';

export interface BakeEvidence extends Evidence {
  readonly starts: readonly PackerStart[];
}

/** A variable of the author that the agent hides. */
const ofTheAuthor = 'a+value/of the%author';

/** Reads every credential that there may be, and runs a program on this machine that inherits what Packer has. */
const template = {
  variables: Object.fromEntries([
    ...['client_secret', 'client_jwt', 'oidc_request_url', 'oidc_request_token', 'subscription_id'].map((name) => [
      name,
      `{{env \`ARM_${name.toUpperCase()}\`}}`,
    ]),
    ['app', 'unset'],
  ]),
  builders: [{ type: 'null', communicator: 'none' }],
  provisioners: [{ type: 'shell-local', inline: ['echo baking', 'sleep 2'] }],
};

/** Runs the staged BakeImage with the Packer of this machine, which signs in nowhere but could. */
export function bakeRun(wishes: Wishes, packer: string): Promise<BakeEvidence> {
  const own = mkdtempSync(join(tmpdir(), 'phoenix-packer-'));
  const { path, starts } = recordedPacker(packer, own);
  return onStage(wishes, async ({ world, azure, account, tally, entry }) => {
    const inputs = { templatePath: 'web.json', variables: `app=${ofTheAuthor}` };
    const { env, secrets } = stepEnvironment(world, azure, account, wishes, inputs);
    const prepare = (home: string) => {
      mkdirSync(join(home, 'work'));
      writeFileSync(join(home, 'work', 'web.json'), JSON.stringify(template));
    };
    const task = { task: 'BakeImage', env: { ...env, PATH: path }, node: wishes.node, entry };
    const seen = await watched(task, prepare);
    const known = { ...secrets, 'variable of the author': ofTheAuthor };
    const all = new Map([...Object.entries(known), ...tally.secrets, ...ofPacker(starts())]);
    return { ...seen, tally, secrets: all, tags: '', hosts: new Set<string>(), starts: starts() };
  }).finally(() => rmSync(own, { recursive: true }));
}

/** What was made for Packer alone: known from what it was given. */
function ofPacker(starts: readonly PackerStart[]): readonly (readonly [string, string])[] {
  const values = (name: string) =>
    starts.flatMap(({ environment }) => new RegExp(`(?:^|\0)${name}=([^\0]+)`).exec(environment)?.[1] ?? []);
  return [
    ...values('ARM_CLIENT_JWT').map((value, at) => [`handed on assertion ${at + 1}`, value] as const),
    ...values('ARM_OIDC_REQUEST_TOKEN').map((value, at) => [`token of the broker ${at + 1}`, value] as const),
  ];
}
