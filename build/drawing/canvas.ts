import type { Picture } from './png.ts';
import type { Shape } from './shapes.ts';

/** `#rrggbb` at a place; a gradient is a paint that looks at the place. */
export type Paint = (x: number, y: number) => Colour;
export type Colour = readonly [number, number, number];

/** Paint in a shape, over what was drawn before. */
export interface Layer {
  readonly shape: Shape;
  readonly paint: Paint;
  readonly opacity?: number;
}

export interface Drawing {
  /** Width and height in drawing units. */
  readonly units: number;
  readonly layers: readonly Layer[];
}

/** Looks into each pixel at 8 by 8 places: smooth edges without any geometry. */
const places = 8;

/** Draws at a size in pixels; what no layer covers stays clear. */
export function rasterise({ units, layers }: Drawing, size: number): Picture {
  const rgba = new Uint8Array(size * size * 4);
  const scale = units / size;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rgba.set(pixel(layers, x * scale, y * scale, scale), (y * size + x) * 4);
  return { width: size, height: size, rgba };
}

function pixel(layers: readonly Layer[], left: number, top: number, side: number): readonly number[] {
  const sum = [0, 0, 0, 0];
  for (let place = 0; place < places * places; place++) {
    const x = left + (((place % places) + 0.5) / places) * side;
    const y = top + ((Math.floor(place / places) + 0.5) / places) * side;
    const seen = look(layers, x, y);
    for (let channel = 0; channel < 4; channel++) sum[channel] = Number(sum[channel]) + Number(seen[channel]);
  }
  const [red = 0, green = 0, blue = 0, alpha = 0] = sum;
  if (alpha === 0) return [0, 0, 0, 0];
  return [red / alpha, green / alpha, blue / alpha, (255 * alpha) / places ** 2].map(Math.round);
}

/** Colour (times opacity) and opacity at one point. */
function look(layers: readonly Layer[], x: number, y: number): readonly number[] {
  let seen = [0, 0, 0, 0];
  for (const { shape, paint, opacity = 1 } of layers) {
    if (!shape(x, y)) continue;
    const over = [...paint(x, y), 1];
    seen = seen.map((under, channel) => Number(over[channel]) * opacity + under * (1 - opacity));
  }
  return seen;
}

export function flat(colour: string): Paint {
  const read = readColour(colour);
  return () => read;
}

/** From one colour at the top to another at the bottom, by way of those between. */
export function downwards(top: number, bottom: number, ...colours: readonly string[]): Paint {
  const stops = colours.map(readColour);
  return (_x, y) => {
    const at = Math.min(1, Math.max(0, (y - top) / (bottom - top))) * (stops.length - 1);
    const [from, to] = [stops[Math.floor(at)], stops[Math.ceil(at)]];
    if (!from || !to) throw new Error('a gradient needs colours');
    const part = at - Math.floor(at);
    return [mix(from[0], to[0], part), mix(from[1], to[1], part), mix(from[2], to[2], part)];
  };
}

function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

function readColour(colour: string): Colour {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
