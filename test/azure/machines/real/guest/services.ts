import { existsSync, readdirSync } from 'node:fs';
import { Service } from './service.ts';
import { loadUnit } from './unit.ts';

export const unitFolder = '/etc/systemd/system';
/** The one target that this init boots. */
export const bootTarget = 'multi-user.target';

/** All services of the machine. */
export class Services {
  readonly #services = new Map<string, Service>();

  constructor(private readonly log: (line: string) => void) {}

  /** Starts what is enabled, all at once: this init keeps no order between services. */
  startWanted(): void {
    const wants = `${unitFolder}/${bootTarget}.wants`;
    if (!existsSync(wants)) return;
    for (const name of readdirSync(wants).sort()) {
      if (!name.endsWith('.service')) this.log(`${name}: this init starts services only`);
      else void this.start(name).catch((error: Error) => this.log(error.message));
    }
  }

  /** Starts a unit as its file is now; throws when there is none or this init cannot run it. */
  async start(name: string): Promise<boolean> {
    const running = this.#services.get(name);
    if (running && (running.state === 'active' || running.mainPid !== undefined)) return true;
    const unit = loadUnit(name);
    if (!unit) throw new UnknownUnit(name);
    await running?.stop({ comesBack: true });
    const service = new Service(unit, this.log);
    this.#services.set(name, service);
    return service.start();
  }

  async stop(name: string, { comesBack = false } = {}): Promise<void> {
    const service = this.#services.get(name);
    if (service) return service.stop({ comesBack });
    if (!loadUnit(name)) throw new UnknownUnit(name);
  }

  find(name: string): Service | undefined {
    return this.#services.get(name);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
  }
}

export class UnknownUnit extends Error {
  constructor(name: string) {
    super(`Unit ${name} could not be found.`);
  }
}
