import { type Drawing, downwards, flat, type Layer, type Paint } from './canvas.ts';
import { arc, disc, mirrored, outline, roundedBar } from './shapes.ts';

/** Everything is drawn on 32 by 32 units, so that a unit is a pixel of a task icon. */
const units = 32;

const night = downwards(0, 32, '#2b3566', '#141934');
const steel = downwards(17, 30, '#b9c7ea', '#7d90c4');
const fire = (top: number, bottom: number): Paint => downwards(top, bottom, '#ffd968', '#ff9a2e', '#ef4a25');
const lamp = flat('#1d2547');

const tile: Layer = { shape: roundedBar(0, 0, 32, 32, 7), paint: night };

const glow = (top: number): Paint => downwards(top, top + 5, '#ffe390', '#ffb03f');
const ember = flat('#b5371a');

/** A server: a bar with a lamp; one on the new image glows. */
function server(top: number, glows = false): readonly Layer[] {
  return [
    { shape: roundedBar(6, top, 20, 4, 1.3), paint: glows ? glow(top) : steel },
    { shape: disc(9, top + 2, 1), paint: glows ? ember : lamp },
    { shape: roundedBar(17, top + 1.5, 7, 1, 0.5), paint: glows ? ember : lamp, opacity: 0.5 },
  ];
}

/** A node of a scale set: the same server from the front, so that three stand in a row. */
function node(left: number, glows = false): readonly Layer[] {
  return [
    { shape: roundedBar(left, 20, 6, 8, 1.3), paint: glows ? downwards(20, 28, '#ffe390', '#ffa838') : steel },
    { shape: roundedBar(left + 1.5, 22, 3, 1, 0.5), paint: glows ? ember : lamp, opacity: 0.5 },
    { shape: disc(left + 3, 26, 1), paint: glows ? ember : lamp },
  ];
}

function drawing(...layers: readonly (Layer | readonly Layer[])[]): Drawing {
  return { units, layers: [tile, ...layers.flat()] };
}

const wing = outline(
  'M16 13.2 C13.6 12.4 12.6 9.6 11.6 7.6 C10.2 4.9 7.4 3.6 4.4 3.4 C5.6 4.6 6 5.6 6.2 6.7 C5.2 6.6 4.4 6.8 3.6 7.2 C5.4 7.9 6 8.9 6.6 10 C5.8 10.1 5.2 10.4 4.6 10.9 C7 11.3 7.8 12.9 9.6 14.2 C11.6 15.6 14 15.8 16 17',
);
const body = outline(
  'M16 4.2 C17.5 5.2 18.2 6.6 18 8.2 C17.9 9.6 18.6 11 18.5 12.9 C18.4 14.9 17.2 16.2 16 18.4 C14.8 16.2 13.6 14.9 13.5 12.9 C13.4 11 14.1 9.6 14 8.2 C13.8 6.6 14.5 5.2 16 4.2',
);

/** The bird: wings up, as if it had just left the ashes. */
const phoenix: readonly Layer[] = [
  { shape: mirrored(wing, 16), paint: fire(3, 17) },
  { shape: body, paint: downwards(4, 18, '#fff3c4', '#ffc94d', '#ff8a2a') },
];

const flame = outline(
  'M16.6 2.4 C17.6 6.6 22.8 8.4 22.8 14 C22.8 18 19.8 20.8 16 20.8 C12.2 20.8 9.2 18 9.2 14.2 C9.2 11.2 10.9 9.5 11.6 7.4 C12.6 8.4 13.1 9.3 13.2 10.4 C15.4 8.4 16.8 5.8 16.6 2.4',
);
const spark = outline(
  'M16.2 11 C17 13 19.2 14 19.2 16.8 C19.2 19 17.8 20.2 16 20.2 C14.2 20.2 12.8 19 12.8 17 C12.8 14.6 15.5 13.6 16.2 11',
);

const bake: readonly Layer[] = [
  { shape: flame, paint: fire(3, 21) },
  { shape: spark, paint: flat('#ffeeb0') },
];

const arrow = outline('M16 2.6 L23 10 L18.6 10 L18.6 17.4 L13.4 17.4 L13.4 10 L9 10');

/** Three quarters of a turn against the clock; the head sits square on the ring's upper left end. */
const back = arc(16, 10.4, 5.6, 3.2, 208, 470);
const backHead = outline('M7.6 5.3 L14.9 9.6 L8.1 13.2');

/** The extension's own icon, and one a task: the servers stay, what happens to them changes. */
export const icons: Readonly<Record<string, Drawing>> = {
  extension: drawing(phoenix, server(20, true), server(25)),
  BakeImage: drawing(bake, server(23, true)),
  PublishGalleryVersion: drawing({ shape: arrow, paint: fire(3, 17) }, server(20, true), server(25)),
  UpgradeScaleSetNodes: drawing(phoenix, node(5, true), node(13, true), node(21)),
  RollbackScaleSet: drawing(
    [back, backHead].map((shape) => ({ shape, paint: fire(4, 17) })),
    node(5),
    node(13),
    node(21),
  ),
};
