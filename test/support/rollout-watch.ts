import type { World } from '../azure/index.ts';

/** What a rollout asked of Azure, counted where Azure answers. */
export interface Seen {
  /** Ids of the nodes that were taken at one moment, in order, and when after the first call. */
  readonly waves: readonly { readonly afterMs: number; readonly ids: readonly string[] }[];
  readonly setWrites: number;
  readonly imageWrites: number;
  readonly upgrades: number;
  /** Absent where no node was renewed. */
  readonly reimages?: number;
  readonly drains: number;
  readonly drainEnds: number;
  /** Switches of automatic repairs and writes of the autoscale setting. */
  readonly pauses: number;
  /** Writes of nodes: of their protection, that is. */
  readonly protections: number;
  /** All calls to Resource Manager from the first write on. */
  readonly calls: number;
  readonly tookMs: number;
}

/** Calls of one moment go out one after the other. */
const sameMomentMs = 5_000;

/** Writes down what is asked of the simulated Azure from now on. */
export function watchRollout({ observers }: World): () => Seen {
  const counts = {
    setWrites: 0,
    imageWrites: 0,
    upgrades: 0,
    drains: 0,
    drainEnds: 0,
    pauses: 0,
    protections: 0,
    calls: 0,
  };
  const waves: { readonly afterMs: number; readonly ids: string[]; lastAt: number }[] = [];
  const taken = new Set<string>();
  const startedAt = Date.now();
  let wrote = false;
  let reimages = 0;

  function take(ids: readonly string[]): void {
    const fresh = ids.filter((id) => !taken.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) taken.add(id);
    const last = waves.at(-1);
    if (last && Date.now() - last.lastAt < sameMomentMs) {
      last.ids.push(...fresh);
      last.lastAt = Date.now();
    } else waves.push({ afterMs: Date.now() - startedAt, ids: [...fresh], lastAt: Date.now() });
  }

  observers.push(({ method, url, body }) => {
    if (!url.hostname.startsWith('management.')) return;
    const path = url.pathname;
    wrote ||= method !== 'GET';
    if (wrote) counts.calls += 1;
    if (method === 'PATCH') counts.setWrites += 1;
    if (method === 'PATCH' && body.includes('imageReference')) counts.imageWrites += 1;
    if (method !== 'GET' && /setOrchestrationServiceState$|autoscalesettings\/[^/]+$/i.test(path)) counts.pauses += 1;
    if (method === 'PUT' && /virtualMachines\/\d+$/i.test(path)) counts.protections += 1;
    const isDrain = path.includes('/runCommands/');
    if (method === 'PUT' && isDrain) counts.drains += 1;
    if (method === 'DELETE' && isDrain) counts.drainEnds += 1;
    if (method === 'PUT' && isDrain) take([/virtualMachines\/(\d+)/i.exec(path)?.[1] ?? '']);
    const isReimage = path.endsWith('/reimage');
    if (!isReimage && !path.endsWith('/manualupgrade')) return;
    if (isReimage) reimages += 1;
    else counts.upgrades += 1;
    take((JSON.parse(body) as { instanceIds: string[] }).instanceIds);
  });
  return () => ({
    ...counts,
    ...(reimages > 0 && { reimages }),
    waves: waves.map(({ afterMs, ids }) => ({ afterMs, ids })),
    tookMs: Date.now() - startedAt,
  });
}
