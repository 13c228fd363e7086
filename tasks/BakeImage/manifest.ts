import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { manifestIn, type TemplateKind } from '../common/packer/template.ts';

export interface ManifestSearch {
  readonly text: string;
  readonly kind: TemplateKind;
  readonly folder: string;
  readonly startedAt: number;
}

/** Where this build wrote its manifest, or an empty path and the reason why it is not known. */
export async function findManifest({
  text,
  kind,
  folder,
  startedAt,
}: ManifestSearch): Promise<{ path: string; note?: string }> {
  const manifest = manifestIn(text, kind);
  if (manifest.kind === 'none') return { path: '' };
  if (manifest.kind === 'computed')
    return {
      path: '',
      note: `The manifest's path is computed by the template (${manifest.expression}): manifestPath stays empty.`,
    };
  const path = resolve(folder, manifest.path);
  if (await isWrittenSince(path, startedAt)) return { path };
  return {
    path: '',
    note: `The template names the manifest ${path}, but this build has not written it: manifestPath stays empty.`,
  };
}

/** File systems keep times in steps, some of two seconds. */
const coarseMs = 2_000;

async function isWrittenSince(path: string, since: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs >= since - coarseMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
