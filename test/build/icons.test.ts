import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { type Drawing, flat, rasterise } from '../../build/drawing/canvas.ts';
import { icons } from '../../build/drawing/icons.ts';
import { encodePng } from '../../build/drawing/png.ts';
import { mirrored, outline, roundedBar, type Shape } from '../../build/drawing/shapes.ts';
import { pngSize } from '../../build/png-size.ts';
import { projectFolder, taskNames } from '../../build/project.ts';

/** The pixels of a PNG that our own program wrote: one block, rows without a filter. */
function pixels(file: Buffer): Uint8Array {
  const { width, height } = pngSize(file) ?? { width: 0, height: 0 };
  const start = file.indexOf('IDAT') + 4;
  const rows = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  const stride = width * 4 + 1;
  return Buffer.concat(Array.from({ length: height }, (_, y) => rows.subarray(y * stride + 1, (y + 1) * stride)));
}

const black = (shape: Shape): Drawing => ({ units: 4, layers: [{ shape, paint: flat('#000000') }] });

/** How much of each pixel a shape covers, in percent, row by row. */
function coverage(shape: Shape): readonly (readonly number[])[] {
  const { rgba } = rasterise(black(shape), 4);
  const opacity = (x: number, y: number) => Math.round((Number(rgba[(y * 4 + x) * 4 + 3]) / 255) * 100);
  return [0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((x) => opacity(x, y)));
}

describe('the drawing program', () => {
  it('covers a pixel by as much as the shape covers it', () =>
    assert.deepEqual(coverage(roundedBar(0.5, 1, 2, 1, 0)), [
      [0, 0, 0, 0],
      [50, 100, 50, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]));

  it('fills an outline, and what is inside of it twice', () => {
    const square = 'M1 1 L3 1 L3 3 L1 3';
    const filled = [
      [0, 0, 0, 0],
      [0, 100, 100, 0],
      [0, 100, 100, 0],
      [0, 0, 0, 0],
    ];
    assert.deepEqual(coverage(outline(square)), filled);
    assert.deepEqual(coverage(outline(`${square} L1 1 L3 1 L3 3 L1 3`)), filled);
  });

  it('bends a curve towards its control points', () => {
    const hill = outline('M0 4 C0 0 4 0 4 4');
    assert.deepEqual([hill(2, 1.2), hill(2, 0.8), hill(0.2, 1)], [true, false, false]);
  });

  it('mirrors a shape', () => assert.deepEqual(coverage(mirrored(roundedBar(0, 0, 1, 1, 0), 2))[0], [100, 0, 0, 100]));

  it('writes pictures that read as they were drawn', () => {
    const picture = rasterise(black(roundedBar(0, 0, 3, 2, 0.5)), 8);
    assert.deepEqual(pngSize(encodePng(picture)), { width: 8, height: 8 });
    assert.deepEqual([...pixels(encodePng(picture))], [...picture.rgba]);
  });

  it('reads no size from what is no PNG', () =>
    assert.equal(pngSize(Buffer.from('<svg width="32" height="32"/>'.repeat(2))), undefined));
});

describe('the icons', () => {
  const files = [
    { name: 'extension', path: 'images/icon.png', size: 128 },
    ...taskNames().map((name) => ({ name, path: `tasks/${name}/icon.png`, size: 32 })),
  ];
  for (const { name, path, size } of files)
    it(`are those that the program draws: ${path} (npm run icons)`, () => {
      const drawing = icons[name];
      assert.ok(drawing && existsSync(join(projectFolder, path)));
      const [drawn, kept] = [rasterise(drawing, size).rgba, pixels(readFileSync(join(projectFolder, path)))];
      // other versions of V8 may round a sine otherwise
      const off = drawn.filter((value, index) => Math.abs(value - Number(kept[index])) > 8);
      assert.deepEqual([kept.length, off.length], [size * size * 4, 0]);
    });
});
