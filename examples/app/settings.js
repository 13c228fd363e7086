import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Made anew at each boot on a real machine (/run is in memory), so a rebooted node is not draining. */
const runFolder = process.env.SHOP_RUN ?? '/run/shop';
const configFile = process.env.SHOP_CONFIG ?? '/etc/shop/config.json';
const releaseFile = process.env.SHOP_RELEASE ?? new URL('release.json', import.meta.url);

export const paths = {
  runFolder,
  /** Exists while the node is draining. A file, so that it outlives a crash of the app. */
  drainFlag: join(runFolder, 'draining'),
  /** Answers every connection with the number of live sessions. */
  sessionsSocket: join(runFolder, 'sessions.sock'),
};

export const draining = () => existsSync(paths.drainFlag);

/** What was baked in: `{ "version": "1.0.0" }`. */
export const readRelease = () => JSON.parse(readFileSync(releaseFile, 'utf8'));

const defaults = { port: 8080, keepAliveSeconds: 4 };

/** The configuration, or why there is none. Without one the app still answers: to say what is wrong with it. */
export function readConfig() {
  try {
    return { ...defaults, ...JSON.parse(readFileSync(configFile, 'utf8')) };
  } catch (error) {
    return { ...defaults, problem: `The configuration ${configFile} cannot be read: ${error.message}` };
  }
}
