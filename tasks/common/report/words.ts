/** `2.0.0` of a gallery version, the name of a managed image: what people call an image. */
export function imageName(imageId: string): string {
  return imageId === '' ? 'unknown' : (imageId.split('/').at(-1) ?? imageId);
}

/** `2.0.0 of shop_gallery/shop`: a gallery version with where it is from; any other image by its name. */
export function imageTitle(imageId: string): string {
  const [, gallery, definition, version] =
    /\/galleries\/([^/]+)\/images\/([^/]+)\/versions\/([^/]+)$/i.exec(imageId) ?? [];
  return version === undefined ? imageName(imageId) : `${version} of ${gallery}/${definition}`;
}

/** `04:05`, or `1:04:05` once hours are needed. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, ...rest] = parts;
  const tail = rest.map((part) => String(part).padStart(2, '0')).join(':');
  return hours > 0 ? `${hours}:${tail}` : tail;
}

/** `45s`, `7m 18s`, `30m`, `1h 4m`: a length of time as inputs have it, which nobody takes for a time of day. */
export function lasting(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const told = parts.flatMap((part, index) => (part === 0 ? [] : [`${part}${'hms'[index]}`]));
  return told.length === 0 ? '0s' : told.join(' ');
}

export const counted = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
