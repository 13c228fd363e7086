import type { PackerEvent } from './machine-readable.ts';

/** One thing that a build made, as Packer reports it. */
export interface Artifact {
  readonly build: string;
  readonly builderId: string;
  readonly id: string;
  /** The text for people; the Azure builder puts `Name: value` lines into it. */
  readonly text: string;
}

/** Gathers the artifact lines of a run, in the order in which the artifacts first appear. */
export function artifactsOf(events: Iterable<PackerEvent>): readonly Artifact[] {
  const found = new Map<string, Artifact>();
  for (const event of events) {
    if (event.kind !== 'artifact') continue;
    const key = `${event.build}/${event.index}`;
    const known = found.get(key) ?? { build: event.build, builderId: '', id: '', text: '' };
    found.set(key, { ...known, ...fieldOf(event.key, event.value) });
  }
  return [...found.values()];
}

function fieldOf(key: string, value: string): Partial<Artifact> {
  if (key === 'builder-id') return { builderId: value };
  if (key === 'id') return { id: value };
  if (key === 'string') return { text: value };
  return {};
}
