import type { Answer, Call } from '../azure/core/http.ts';
import { type World, worldWatchers } from '../azure/core/world.ts';
import { type Pair, routeOf, shapeOf } from './pair.ts';

/** What a suite said to its worlds and heard from them: each kind of exchange once. */
export interface Recording {
  readonly pairs: ReadonlyMap<string, Pair>;
  /** Calls to Resource Manager in all. */
  readonly calls: number;
  /** Answers that a test made up, as a planned fault: they say nothing about the simulated Azure. */
  readonly madeUp: number;
}

export class Recorder implements Recording {
  readonly pairs = new Map<string, Pair>();
  calls = 0;
  madeUp = 0;
  /** The test that runs. */
  test = '';

  /** From now on every world of this process is heard. */
  listen(): void {
    worldWatchers.push((world) => this.hear(world));
  }

  hear(world: World): void {
    world.observers.push((call, answer, fault) => {
      if (call.url.hostname !== 'management.azure.com') return;
      this.calls += 1;
      if (fault?.reply || fault?.effect === 'none') this.madeUp += 1;
      else this.note(call, answer);
    });
  }

  private note(call: Call, answer: Answer): void {
    const { method, url } = call;
    const path = url.pathname.replace(/\/{2,}/g, '/'); // Azure CLI writes `Microsoft.Compute//virtualMachineScaleSets`
    const requestBody = parsed(call.body);
    const headers = lowerCase(answer.headers ?? {});
    const query = Object.fromEntries(url.searchParams);
    const shape = [routeOf(method, path), shapeOf(query), query['api-version'], shapeOf(requestBody)];
    const key = [...shape, answer.status, Object.keys(headers).sort(), shapeOf(answer.body)].join(' ');
    if (this.pairs.has(key)) return;
    const said = { method, path, query, requestBody, status: answer.status, headers };
    this.pairs.set(key, { ...said, responseBody: copied(answer.body), test: this.test });
  }
}

function parsed(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** As it went over the wire at that moment: the world's own objects change. */
const copied = (body: unknown): unknown => (body === undefined ? undefined : JSON.parse(JSON.stringify(body)));

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
