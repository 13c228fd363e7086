import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isShortLived, signInAdvice } from '../common/packer/credentials.ts';
import { declaredVariables } from '../common/packer/template.ts';
import type { BakeRequest, Template } from './inputs.ts';

/** The text of the template; of a folder, of all files in it that Packer reads. */
export async function readTemplateText({ path, isFolder }: Template): Promise<string> {
  if (!isFolder) return readFile(path, 'utf8');
  const names = (await readdir(path)).filter((name) => /\.pkr\.(hcl|json)$/i.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  return texts.join('\n');
}

/** What the author should know before Packer runs, because Packer itself would be silent or misleading about it. */
export function templateWarnings(request: BakeRequest, text: string): readonly string[] {
  const advice = signInAdvice(text, request.connection.secret.scheme);
  return [...(advice === undefined ? [] : [advice]), ...undeclared(request, text)];
}

/** A fact that is no trouble for most builds. */
export function templateRemarks({ connection }: BakeRequest, text: string): readonly string[] {
  if (connection.secret.scheme === 'managedIdentity') return [machineRemark];
  if (!isShortLived(text, connection.secret.scheme)) return [];
  return [
    'The template signs in with client_jwt, which Packer uses once: after about an hour the build loses its access. With the Azure plugin 2.2 or later, oidc_request_url and oidc_request_token have no such limit.',
  ];
}

/** A JSON template takes a variable that it does not declare without a word; of HCL2, Packer warns by itself. */
function undeclared({ template, variables }: BakeRequest, text: string): readonly string[] {
  const declared = template.kind === 'json' ? declaredVariables(text) : undefined;
  if (!declared) return [];
  const unknown = variables.map(({ name }) => name).filter((name) => !declared.includes(name));
  return unknown.length === 0
    ? []
    : [`The template does not declare the variable ${unknown.join(', ')}: it has no effect.`];
}

/** Seen with Packer 1.6.6: `subscription_id` alone means "interactive", and with `client_id` it is an incomplete principal. */
const machineRemark =
  'The connection uses a managed identity: this needs the Azure plugin (packer init). The builder inside Packer before 1.7 takes a subscription alone for an interactive sign-in, and knows no user-assigned identity.';
