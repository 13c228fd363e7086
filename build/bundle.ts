import { build } from 'esbuild';

/**
 * Bundles one task into one file. CommonJS, since an ESM bundle dies on the `require('child_process')` of task-lib; the
 * oldest Node that runs it is 20. Returns the source files that went in, relative to the project.
 */
export async function bundleTask(entry: string, outfile: string, projectFolder: string): Promise<readonly string[]> {
  const result = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: projectFolder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none', // the licences are in THIRD-PARTY-NOTICES.txt, whole
    charset: 'utf8',
    metafile: true,
    logLevel: 'warning',
  });
  if (result.warnings.length > 0) throw new Error(`esbuild warned about ${entry}: see above`);
  return Object.keys(result.metafile.inputs);
}
