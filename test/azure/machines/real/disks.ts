import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { DiskContent } from '../machines.ts';

/** A machine's disk: what it has written, over the layers of the image that it was made from, the newest first. */
export interface Disk {
  readonly folder: string;
  readonly layers: readonly string[];
}

/** Overlay takes 500 lower layers (fs/overlayfs: OVL_MAX_STACK); below ours lies the host's file system. */
const mostLayers = 490;

/** All disks and image layers of one owner, in one folder. */
export class Disks {
  /** What each image consists of. The reference that goes into ARM is a name, never a path of this host. */
  readonly #images = new Map<string, readonly string[]>();
  #made = 0;

  constructor(
    private readonly files: string,
    base: readonly string[],
  ) {
    for (const folder of ['l', 'd']) mkdirSync(`${files}/${folder}`);
    this.#images.set('base', base);
  }

  /** A fresh disk with that content. */
  make(content: DiskContent): Disk {
    const layers = this.#images.get(content.content);
    if (!layers) throw new Error(`No image has the content ${content.content}`);
    return this.#empty(layers);
  }

  /** Turns what a machine has written into a layer for good, and gives the machine a disk that stands on it. */
  capture(disk: Disk): { readonly content: DiskContent; readonly disk: Disk } {
    if (disk.layers.length >= mostLayers) throw new Error(`An image cannot have more than ${mostLayers} layers`);
    this.#made += 1;
    const layer = `l/${this.#made}`;
    renameSync(`${this.files}/${disk.folder}/up`, `${this.files}/${layer}`);
    this.discard(disk);
    const layers = [layer, ...disk.layers];
    const content = { content: `layer-${this.#made}` };
    this.#images.set(content.content, layers);
    return { content, disk: this.#empty(layers) };
  }

  discard(disk: Disk): void {
    rmSync(`${this.files}/${disk.folder}`, { recursive: true, force: true });
  }

  #empty(layers: readonly string[]): Disk {
    this.#made += 1;
    const folder = `d/${this.#made}`;
    for (const part of ['', '/up', '/work', '/root']) mkdirSync(`${this.files}/${folder}${part}`);
    chmodSync(`${this.files}/${folder}/up`, 0o755);
    return { folder, layers };
  }
}

/** Options for mount(8), relative to the folder of the disks: mount takes one page of them, and paths would fill it. */
export function overlayOptions(disk: Disk): string {
  return `lowerdir=${[...disk.layers, '/'].join(':')},upperdir=${disk.folder}/up,workdir=${disk.folder}/work`;
}
