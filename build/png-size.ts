const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Width and height of a PNG file, or undefined when the bytes are something else. */
export function pngSize(file: Buffer): Size | undefined {
  if (file.length < 24 || !file.subarray(0, 8).equals(signature)) return undefined;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}
