/** A point set in drawing units; y grows downwards. */
export type Shape = (x: number, y: number) => boolean;

export function roundedBar(left: number, top: number, width: number, height: number, radius: number): Shape {
  return (x, y) => {
    const dx = Math.max(left + radius - x, 0, x - (left + width - radius));
    const dy = Math.max(top + radius - y, 0, y - (top + height - radius));
    return dx * dx + dy * dy <= radius * radius;
  };
}

export function disc(centreX: number, centreY: number, radius: number): Shape {
  return (x, y) => (x - centreX) ** 2 + (y - centreY) ** 2 <= radius * radius;
}

/** Part of a ring, clockwise from one angle to another; 0 is to the right, 90 is down. */
export function arc(
  centreX: number,
  centreY: number,
  radius: number,
  thickness: number,
  from: number,
  to: number,
): Shape {
  return (x, y) => {
    const off = Math.abs(Math.hypot(x - centreX, y - centreY) - radius);
    const angle = (Math.atan2(y - centreY, x - centreX) * 180) / Math.PI;
    return off <= thickness / 2 && (((angle - from) % 360) + 360) % 360 <= to - from;
  };
}

/** The same shape on the other side of the vertical line at `axis`, together with itself. */
export function mirrored(shape: Shape, axis: number): Shape {
  return (x, y) => shape(x, y) || shape(2 * axis - x, y);
}

/** A closed outline in the letters of SVG's path data: absolute `M`, `L`, `Q`, `C`; filled by the non-zero rule. */
export function outline(path: string): Shape {
  const points = flatten(path);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const isNear: Shape = (x, y) => x >= left && x <= right && y >= top && y <= bottom;
  return (x, y) => isNear(x, y) && winding(points, x, y) !== 0;
}

type Point = readonly [number, number];

/** 16 straight pieces a curve are smooth at every size that we draw. */
const pieces = 16;

function flatten(path: string): readonly Point[] {
  const points: Point[] = [];
  for (const [, letter, text] of path.matchAll(/([MLQC])([^MLQC]*)/g)) {
    const numbers = (text ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const given = numbers.flatMap((x, index): Point[] => (index % 2 === 0 ? [[x, Number(numbers[index + 1])]] : []));
    const start = points.at(-1);
    if (!start || letter === 'M' || letter === 'L') points.push(...given);
    else for (let step = 1; step <= pieces; step++) points.push(onCurve([start, ...given], step / pieces));
  }
  return points;
}

/** De Casteljau: halfway points of halfway points, for any degree. */
function onCurve(points: readonly Point[], t: number): Point {
  const [first, ...rest] = points;
  if (!first) throw new Error('a curve needs points');
  if (rest.length === 0) return first;
  const between = rest.map(([x, y], index): Point => {
    const [fromX, fromY] = points[index] ?? first;
    return [fromX + (x - fromX) * t, fromY + (y - fromY) * t];
  });
  return onCurve(between, t);
}

/** How often the outline goes round the point, counted at the ray to the right. */
function winding(points: readonly Point[], x: number, y: number): number {
  let turns = 0;
  let [fromX, fromY] = points.at(-1) ?? [0, 0];
  for (const [toX, toY] of points) {
    const crossing = fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX);
    if (fromY <= y && toY > y && crossing > x) turns += 1;
    if (toY <= y && fromY > y && crossing > x) turns -= 1;
    [fromX, fromY] = [toX, toY];
  }
  return turns;
}
