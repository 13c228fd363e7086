import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fitsPatterns } from './file-pattern.ts';

/**
 * The artifacts of one run, each a folder of files
 * (learn.microsoft.com/azure/devops/pipelines/artifacts/pipeline-artifacts).
 */
export class Artifacts {
  readonly #folders = new Map<string, string>();

  constructor(private readonly home: string) {}

  names(): readonly string[] {
    return [...this.#folders.keys()];
  }

  /** `publish`: a name is taken once, since a pipeline artifact is never overwritten. */
  publish(name: string, path: string): void {
    refuseName(name);
    if (this.#find(name) !== undefined) throw new Error(`Artifact ${name} already exists in this run`);
    this.#keep(name, join(this.home, 'published', name), path);
  }

  /** `artifact.upload`: adds to a folder of the run's container; the artifact is that folder (agent: ArtifactCommandExtension.cs). */
  upload(name: string, containerFolder: string, path: string): void {
    refuseName(name);
    if (containerFolder.split(/[\\/]/).includes('..')) throw new Error(`"${containerFolder}" leaves the container`);
    this.#keep(name, join(this.home, 'container', containerFolder || name), path);
  }

  /** The files of one artifact, or of all in a folder each, as far as their paths fit; how many there were. */
  download(name: string, patterns: string, to: string): number {
    if (name === '') return this.names().reduce((count, each) => count + this.#copy(each, patterns, to, `${each}/`), 0);
    if (this.#find(name) === undefined) throw new Error(`Artifact ${name} was not found in this run`);
    return this.#copy(name, patterns, to, '');
  }

  #find(name: string): string | undefined {
    return this.names().find((known) => known.toLowerCase() === name.toLowerCase());
  }

  #keep(name: string, folder: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Path does not exist: ${path}`);
    mkdirSync(folder, { recursive: true });
    cpSync(path, statSync(path).isDirectory() ? folder : join(folder, basename(path)), { recursive: true });
    this.#folders.set(this.#find(name) ?? name, folder);
  }

  /** Patterns are held against the path within the artifact, or from the artifact's name on where all are downloaded. */
  #copy(written: string, patterns: string, to: string, prefix: string): number {
    const name = this.#find(written) ?? written;
    const folder = this.#folders.get(name) ?? '';
    const files = filesIn(folder).filter((file) => fitsPatterns(prefix + file, patterns));
    for (const file of files) {
      const target = join(to, name, file);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(folder, file), target);
    }
    return files.length;
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** agent: PipelineArtifactPathHelper.cs refuses what no file system would take. */
function refuseName(name: string): void {
  if (name === '' || /["<>|:*?\\/\p{Cc}]/u.test(name) || name === '.' || name === '..')
    throw new Error(`"${name}" can't be an artifact's name`);
}
