import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';

/** How a zchunk file begins, in hexadecimal. */
export const zchunkMagic = '005a434b31';

/** Bytes of the checksums by their number: SHA-1, SHA-256, SHA-512, the first half of a quarter of SHA-512. */
const checksumSizes: readonly number[] = [20, 32, 64, 16];
const sha256 = 1;

/** Flags of the header: optional elements follow, and the index also has checksums of what is not compressed. */
const hasOptionalElements = 2;
const hasPlainChecksums = 4;

/**
 * Expands a zchunk file, the form in which Fedora publishes its metadata: chunks of zstd, each by itself, with a dictionary they
 * share. See zchunk_format.txt in github.com/zchunk/zchunk.
 * @param limit bytes of the result.
 * @throws Error when it is cut off, damaged, of an unknown kind or larger than the limit.
 */
export async function expandZchunk(bytes: Buffer, limit: number): Promise<Buffer> {
  const { data, checksum, chunks, compressed } = readHeader(bytes);
  const total = chunks.reduce((sum, { size }) => sum + size, 0);
  const plainTotal = chunks.reduce((sum, { plainSize }) => sum + plainSize, 0);
  if (data.length !== total) throw new Error(`${data.length} of ${total} bytes are there`);
  if (plainTotal > limit) throw new Error(`it holds more than ${limit} bytes`);
  if (checksum !== undefined && !createHash('sha256').update(data).digest().equals(checksum))
    throw new Error('its checksum is another one');
  const parts: Buffer[] = [];
  let dictionary: Buffer | undefined;
  let at = 0;
  for (const [index, { size, plainSize }] of chunks.entries()) {
    const chunk = data.subarray(at, at + size);
    at += size;
    if (size === 0) continue;
    // oxlint-disable-next-line no-await-in-loop -- the first is the dictionary of the others
    const plain = compressed ? await expand(chunk, plainSize, dictionary) : chunk;
    if (plain.length !== plainSize)
      throw new Error(`part ${index} has ${plain.length} of ${plainSize} bytes`);
    if (index === 0) dictionary = plain;
    else parts.push(plain);
  }
  return Buffer.concat(parts);
}

function expand(chunk: Buffer, size: number, dictionary: Buffer | undefined): Promise<Buffer> {
  return promisify(zstdDecompress)(chunk, {
    maxOutputLength: size + 1,
    ...(dictionary === undefined ? {} : { dictionary }),
  });
}

interface Chunk {
  /** Bytes in the file. */
  readonly size: number;
  readonly plainSize: number;
}

function readHeader(bytes: Buffer) {
  const reader = readerOf(bytes, zchunkMagic.length / 2);
  const checksumType = reader.number();
  const headerSize = reader.number();
  reader.skip(sizeOfChecksum(checksumType));
  const end = reader.position() + headerSize;
  const checksum = reader.take(sizeOfChecksum(checksumType));
  const flags = reader.number();
  if ((flags & ~(hasOptionalElements | hasPlainChecksums)) !== 0) throw new Error(`it has flags ${flags}`);
  const compression = reader.number();
  if (compression !== 0 && compression !== 2) throw new Error(`it is compressed in a way ${compression}`);
  if ((flags & hasOptionalElements) !== 0)
    for (let left = reader.number(); left > 0; left -= 1) {
      reader.number();
      reader.skip(reader.number());
    }
  reader.number();
  const chunkChecksum = sizeOfChecksum(reader.number()) * ((flags & hasPlainChecksums) === 0 ? 1 : 2);
  const count = reader.number();
  const chunks: Chunk[] = [];
  for (let left = count; left > 0; left -= 1) {
    reader.skip(chunkChecksum);
    chunks.push({ size: reader.number(), plainSize: reader.number() });
  }
  return {
    data: bytes.subarray(end),
    // With the other checksums this one is empty.
    checksum: checksumType === sha256 && (flags & hasPlainChecksums) === 0 ? checksum : undefined,
    chunks,
    compressed: compression === 2,
  };
}

function sizeOfChecksum(type: number): number {
  const size = checksumSizes[type];
  if (size === undefined) throw new Error(`it has checksums of type ${type}`);
  return size;
}

function readerOf(bytes: Buffer, start: number) {
  let at = start;
  const take = (size: number): Buffer => {
    if (at + size > bytes.length) throw new Error('its header is cut off');
    at += size;
    return bytes.subarray(at - size, at);
  };
  return {
    take,
    skip: (size: number): void => void take(size),
    position: (): number => at,
    /** Seven bits in each byte, the lowest first; the last byte has the eighth bit set. */
    number: (): number => {
      let value = 0;
      for (let place = 1; place < 2 ** 49; place *= 128) {
        const byte = take(1).readUInt8();
        value += (byte & 127) * place;
        if (byte >= 128) return value;
      }
      throw new Error('a number in its header has no end');
    },
  };
}
