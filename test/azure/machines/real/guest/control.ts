import { chmodSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { controlSocket } from '../protocol.ts';
import { type Services, UnknownUnit } from './services.ts';

/** What systemctl asks of the init. Enabling is its own work: it needs files, not the init. */
export interface ControlRequest {
  readonly verb: 'start' | 'stop' | 'restart' | 'try-restart' | 'reload' | 'state' | 'reset-failed';
  readonly unit: string;
}

export interface ControlReply {
  readonly ok: boolean;
  readonly state?: string;
  readonly mainPid?: number;
  /** What systemctl prints on its error stream. */
  readonly message?: string;
  readonly unknownUnit?: boolean;
}

/** Opens the socket that systemctl talks to; root's alone. */
export function openControlSocket(services: Services): void {
  const server = createServer((socket) => {
    createInterface({ input: socket }).once('line', (line) => void reply(socket, services, line));
    socket.on('error', () => socket.destroy());
  });
  server.listen(controlSocket, () => chmodSync(controlSocket, 0o600));
}

async function reply(socket: Socket, services: Services, line: string): Promise<void> {
  const request = JSON.parse(line) as ControlRequest;
  const answer = await carryOut(services, request).catch((error: Error): ControlReply => {
    return { ok: false, message: error.message, unknownUnit: error instanceof UnknownUnit };
  });
  socket.end(`${JSON.stringify(answer)}\n`);
}

async function carryOut(services: Services, { verb, unit }: ControlRequest): Promise<ControlReply> {
  const service = services.find(unit);
  switch (verb) {
    case 'start':
      return started(unit, await services.start(unit));
    case 'restart':
      await services.stop(unit, { comesBack: true });
      return started(unit, await services.start(unit));
    case 'try-restart':
      if (service?.state !== 'active') return { ok: true };
      return carryOut(services, { verb: 'restart', unit });
    case 'stop':
      await services.stop(unit);
      return { ok: true };
    case 'reload':
      return (await service?.reload())
        ? { ok: true }
        : { ok: false, message: `Job for ${unit} failed: it cannot be reloaded.` };
    case 'reset-failed':
      service?.resetFailed();
      return { ok: true };
    case 'state':
      return {
        ok: true,
        state: service?.state ?? 'inactive',
        ...(service?.mainPid !== undefined && { mainPid: service.mainPid }),
      };
  }
}

const started = (unit: string, ok: boolean): ControlReply =>
  ok ? { ok } : { ok, message: `Job for ${unit} failed. The machine's console says why.` };
