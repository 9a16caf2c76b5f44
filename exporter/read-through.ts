import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { CollectorError, type Through, type ThroughOptions } from './collector.ts';
import { compressionOf } from './compressed.ts';
import { errorCode } from './error-code.ts';

/** Starts a program that writes to its standard output; `ended` settles when it has, with its exit code and what it complained of. */
export type Expander = (
  tool: string,
  args: readonly string[],
  signal: AbortSignal,
) => {
  readonly output: Readable;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly said: string }>;
};

/**
 * Reads a file that may be compressed to its end and keeps only how its content begins and ends, so that memory stays flat
 * whatever its size. Reading a gzip, zstd, xz or bzip2 file to its end also compares the checksum it carries.
 * @param ends bytes of content that are kept of the beginning and of the end.
 * @throws CollectorError unexpected_output when it is cut off or damaged, timeout, tool_missing (xz, bzip2); Error of the file system.
 */
export async function readThrough(
  path: string,
  { ends, timeout, digest }: ThroughOptions,
  expand: Expander,
  signal: AbortSignal | undefined,
): Promise<Through> {
  const limit = AbortSignal.timeout(timeout);
  const stop = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  const kept = new Ends(ends);
  try {
    const hash = digest === undefined ? undefined : createHash(digest);
    if (hash !== undefined) await pipeline(createReadStream(path), hash, { signal: stop });
    const compression = compressionOf(await start(path));
    switch (compression) {
      case undefined:
      case 'zchunk':
        await pipeline(createReadStream(path), kept, { signal: stop });
        break;
      case 'gzip':
        await pipeline(createReadStream(path), createGunzip(), kept, { signal: stop });
        break;
      case 'zstd':
        await pipeline(createReadStream(path), createZstdDecompress(), kept, { signal: stop });
        break;
      case 'xz':
      case 'bzip2': {
        const { output, ended } = expand(compression, ['--decompress', '--stdout', path], stop);
        const [{ exitCode, said }] = await Promise.all([ended, pipeline(output, kept, { signal: stop })]);
        if (exitCode !== 0) throw damaged(path, said);
      }
    }
    return {
      compression,
      head: kept.head(),
      tail: kept.tail(),
      bytes: kept.bytes,
      ...(hash === undefined ? {} : { digest: hash.digest('hex') }),
    };
  } catch (error) {
    if (error instanceof CollectorError) throw error;
    if (stop.aborted)
      throw new CollectorError('timeout', `reading ${path} to its end took longer than ${timeout / 1000} s`, {
        cause: error,
      });
    const code = errorCode(error) ?? '';
    // zlib names its errors Z_DATA_ERROR, Z_BUF_ERROR ... and ZSTD_error_...
    if (/^Z_|^ZSTD|^ERR_TRAILING/.test(code)) throw damaged(path, messageOf(error), error);
    throw error;
  }
}

async function start(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Keeps the first and the last bytes of what is written to it. */
class Ends extends Writable {
  bytes = 0;
  readonly #limit: number;
  #first: Buffer = Buffer.alloc(0);
  #last: Buffer = Buffer.alloc(0);

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.bytes += chunk.length;
    if (this.#first.length < this.#limit)
      this.#first = Buffer.concat([this.#first, chunk.subarray(0, this.#limit - this.#first.length)]);
    const end = chunk.length >= this.#limit ? chunk : Buffer.concat([this.#last, chunk]);
    this.#last = Buffer.from(end.subarray(-this.#limit));
    done();
  }

  head(): string {
    return this.#first.toString('latin1');
  }

  tail(): string {
    return this.#last.toString('latin1');
  }
}

function damaged(path: string, why: string, cause?: unknown): CollectorError {
  return new CollectorError('unexpected_output', `${path} is cut off or damaged: ${why}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
