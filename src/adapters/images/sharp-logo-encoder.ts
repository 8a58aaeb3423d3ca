import type sharpLibrary from 'sharp';
import type { LogoEncoder } from '../../usecases/ports/logo-encoder.ts';

/** Edge of the stored picture, in pixels. */
const EDGE = 512;
/** Pixels that are decoded at most: 128 MB of memory for a moment where a channel has 16 bits. */
const MAX_PIXELS = 4096 * 4096;
const MAX_SECONDS = 10;
/** Pictures that are decoded or wait for it, each with its file in memory. */
const MAX_WAITING = 16;

/** How files begin. A vector image, a page or an animation of the web begins otherwise (RULES 19). */
const SIGNATURES: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  png: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  jpeg: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  webp: (bytes) =>
    bytes.subarray(0, 4).toString('latin1') === 'RIFF' && bytes.subarray(8, 12).toString('latin1') === 'WEBP',
};

/** Re-encodes by libvips, one picture at a time and few waiting, so that uploads cannot take all memory or threads. */
export function createSharpLogoEncoder(): LogoEncoder {
  let library: Promise<Sharp> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    async encode(file) {
      const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
      const format = Object.keys(SIGNATURES).find((name) => SIGNATURES[name]?.(bytes));
      if (format === undefined) return 'unsupported';
      if (waiting >= MAX_WAITING) return 'busy';
      waiting += 1;
      const encoded = turn.then(async () => {
        library ??= loadSharp();
        return encode(await library, bytes, format);
      });
      turn = encoded.catch(() => undefined).finally(() => (waiting -= 1));
      return await encoded;
    },
  };
}

type Sharp = typeof sharpLibrary;

/** Loaded by the first logo: a process that gets none starts without it. */
async function loadSharp(): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  sharp.cache(false);
  // All other loaders are shut for the whole process, whatever a file pretends to be.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
  });
  return sharp;
}

async function encode(
  sharp: Sharp,
  bytes: Buffer,
  format: string,
): Promise<Uint8Array | 'unsupported' | 'damaged'> {
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning', pages: 1 });
    if ((await image.metadata()).format !== format) return 'unsupported';
    return await image
      .timeout({ seconds: MAX_SECONDS })
      .autoOrient()
      .resize({ width: EDGE, height: EDGE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png({ compressionLevel: 9 })
      .toBuffer();
  } catch {
    // Whatever libvips says of a stranger's file, the file is at fault: its words are not for the caller.
    return 'damaged';
  }
}
