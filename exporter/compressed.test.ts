import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from './host.ts';

const directory = mkdtempSync(join(tmpdir(), 'compressed-'));
afterAll(() => rmSync(directory, { recursive: true }));
const host = localHost({ stateDirectory: join(directory, 'state') });

const text = 'Überschrift\n'.repeat(1000);
const by = (tool: string) => execFileSync(tool, ['--stdout'], { input: text });
const files = [
  ['plain', Buffer.from(text)],
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['xz', by('xz')],
  ['bzip2', by('bzip2')],
] as const;

describe.each(files)('%s', (name, bytes) => {
  const path = join(directory, name);
  test('is read, told by its first bytes and not by its name', async () => {
    writeFileSync(path, bytes);
    expect(await host.readCompressed(path)).toBe(text);
  });

  test.skipIf(name === 'plain')('cut off is an error, not a shorter text', async () => {
    writeFileSync(path, bytes.subarray(0, bytes.length - 10));
    await expect(host.readCompressed(path)).rejects.toMatchObject({
      reason: 'unexpected_output',
      message: expect.stringMatching(/ is cut off or damaged: ./),
    });
  });
});

test('a file that is not there is an answer', async () => {
  expect(await host.readCompressed(join(directory, 'none'))).toBeUndefined();
});

test('an empty file is empty', async () => {
  writeFileSync(join(directory, 'empty'), '');
  expect(await host.readCompressed(join(directory, 'empty'))).toBe('');
});

test('a small file that holds far too much is refused', async () => {
  const path = join(directory, 'bomb');
  writeFileSync(path, zstdCompressSync(Buffer.alloc(513 * 1024 * 1024)));
  await expect(host.readCompressed(path)).rejects.toMatchObject({ reason: 'output_too_large' });
});
