import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from './host.ts';

const directory = mkdtempSync(join(tmpdir(), 'read-through-'));
afterAll(() => rmSync(directory, { recursive: true }));
const host = localHost({ stateDirectory: join(directory, 'state') });
const options = { ends: 8, timeout: 60_000 } as const;

// It does not compress away, so that half of the file is half of the content.
let noise = '';
for (let at = 0; at < 4000; at += 1) noise += createHash('md5').update(String(at)).digest('base64');
const text = `BEGINS: ${noise} :ENDS`;
const by = (tool: string) => execFileSync(tool, ['--stdout'], { input: text });
const files = [
  ['gzip', gzipSync(text)],
  ['zstd', zstdCompressSync(text, { params: { 201: 1 } })],
  ['xz', by('xz')],
  ['bzip2', by('bzip2')],
] as const;

function written(name: string, bytes: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

describe.each(files)('%s', (name, bytes) => {
  test('is read to its end, and how its content begins and ends is kept', async () => {
    expect(await host.readThrough(written(name, bytes), { ...options, digest: 'sha256' })).toEqual({
      compression: name,
      head: 'BEGINS: ',
      tail: '== :ENDS',
      bytes: text.length,
      digest: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test.each([0.5, 0.99])('cut off at %d of its length it is damaged', async (share) => {
    const path = written(`${name}-cut`, bytes.subarray(0, Math.floor(bytes.length * share)));
    await expect(host.readThrough(path, options)).rejects.toMatchObject({
      reason: 'unexpected_output',
      message: expect.stringContaining(`${path} is cut off or damaged: `),
    });
  });

  test('with one byte changed it is damaged', async () => {
    const changed = Buffer.from(bytes);
    const middle = Math.floor(changed.length / 2);
    changed.writeUInt8(changed.readUInt8(middle) ^ 0xff, middle);
    await expect(host.readThrough(written(`${name}-changed`, changed), options)).rejects.toMatchObject({
      reason: 'unexpected_output',
    });
  });
});

test('a plain file shorter than what is kept of its ends is kept whole', async () => {
  const whole = await host.readThrough(written('plain', 'abc'), options);
  expect(whole).toEqual({ compression: undefined, head: 'abc', tail: 'abc', bytes: 3 });
});

test('a file that is not there is undefined, one that takes too long has its reason', async () => {
  expect(await host.readThrough(join(directory, 'none'), options)).toBeUndefined();
  const endless = host.readThrough('/dev/zero', { ends: 8, timeout: 200 });
  await expect(endless).rejects.toMatchObject({
    reason: 'timeout',
    message: 'reading /dev/zero to its end took longer than 0.2 s',
  });
});

test('the end of a file is read without what stands before it', async () => {
  const path = written('long', `${'x'.repeat(100_000)}the end`);
  expect(await host.tail(path, 7)).toBe('the end');
  expect(await host.tail(written('short', 'abc'), 7)).toBe('abc');
  expect(await host.tail(join(directory, 'none'), 7)).toBeUndefined();
});

test('two names of one file have one identity', async () => {
  const path = written('first', 'a');
  linkSync(path, join(directory, 'hard'));
  symlinkSync('first', join(directory, 'symbolic'));
  const identity = async (name: string) => (await host.stat(join(directory, name)))?.identity;
  expect(await identity('hard')).toBe(await identity('first'));
  expect(await identity('symbolic')).toBe(await identity('first'));
  expect(await identity('short')).not.toBe(await identity('first'));
});
