import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { CollectorError, type Host } from './collector.ts';
import { errorCode } from './error-code.ts';
import { expandZchunk, zchunkMagic } from './zchunk.ts';

/** Bytes of text; the advisories of a large distribution are some 60 MiB. */
const largestText = 512 * 1024 * 1024;

/** How a compressed file begins. */
const formats = [
  { name: 'gzip', magic: '1f8b' },
  { name: 'zstd', magic: '28b52ffd' },
  { name: 'xz', magic: 'fd377a585a00' },
  { name: 'bzip2', magic: '425a68' },
  { name: 'zchunk', magic: zchunkMagic },
] as const;
export type Compression = (typeof formats)[number]['name'];

/** What a file is compressed with, told by its first bytes; undefined when with nothing known here. */
export function compressionOf(start: Uint8Array): Compression | undefined {
  const hex = Buffer.from(start.subarray(0, 16)).toString('hex');
  return formats.find(({ magic }) => hex.startsWith(magic))?.name;
}

/**
 * Text of a file, whatever it is compressed with. xz and bzip2 need the program of that name; Node.js has none of its own.
 * @throws CollectorError output_too_large, unexpected_output when it is cut off or damaged, unsupported, and as `run`.
 */
export async function readCompressed(path: string, run: Host['run']): Promise<string> {
  const bytes = await readFile(path);
  const format = compressionOf(bytes);
  switch (format) {
    case undefined:
      return bytes.toString('utf8');
    case 'gzip':
      return expand(path, () => promisify(gunzip)(bytes, { maxOutputLength: largestText }));
    case 'zstd':
      return expand(path, () => promisify(zstdDecompress)(bytes, { maxOutputLength: largestText }));
    case 'zchunk':
      return expand(path, () => expandZchunk(bytes, largestText));
    case 'xz':
    case 'bzip2': {
      const { exitCode, stdout, stderr } = await run(format, ['--decompress', '--stdout', path], {
        maxOutput: largestText,
      });
      if (exitCode !== 0) throw damaged(path, stderr.trim());
      return stdout;
    }
  }
}

async function expand(path: string, decompress: () => Promise<Buffer>): Promise<string> {
  try {
    return (await decompress()).toString('utf8');
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw new CollectorError(
        'output_too_large',
        `${path} holds more than ${largestText / 1024 / 1024} MiB of text`,
        {
          cause: error,
        },
      );
    throw damaged(path, error instanceof Error ? error.message : String(error), error);
  }
}

function damaged(path: string, why: string, cause?: unknown): CollectorError {
  return new CollectorError('unexpected_output', `${path} is cut off or damaged: ${why}`, { cause });
}
