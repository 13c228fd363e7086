import { drawFrom } from '../scenarios/worlds/draw.ts';
import { minReadyMs } from './cases.ts';

/** How long a node takes, from the accepted upgrade until it is ready: lognormal. Assumed, not measured in Azure. */
export const medianMs = 180_000;
export const sigma = 0.5;

/** The node times of one seed, in milliseconds: the same for every schedule that is measured on them. */
export function nodeTimes(seed: number, nodes: number): readonly number[] {
  const { number } = drawFrom(seed);
  const draw = () => Math.round(medianMs * Math.exp(sigma * normal(number)));
  return Array.from({ length: nodes }, () => Math.max(minReadyMs, draw()));
}

/** Box and Muller's standard normal. */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Until the node is healthy: the rest of its time it has to stay so. */
export const healthyMs = (time: number) => time - minReadyMs;

/** Until its new disk is there and the operation has ended; then its application starts. */
export const diskMs = (time: number) => Math.round(0.8 * healthyMs(time));
