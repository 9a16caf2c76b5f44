import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localHost } from './host.ts';
import { expandZchunk, zchunkMagic } from './zchunk.ts';

const directory = mkdtempSync(join(tmpdir(), 'zchunk-'));
afterAll(() => rmSync(directory, { recursive: true }));
const largest = 64 * 1024 * 1024;

const text = Array.from(
  { length: 3000 },
  (_, at) => `<update><id>FEDORA-${at}</id><title>ü</title></update>`,
).join('\n');

/** What zck, the program of zchunk, makes of a text. */
function zck(content: string, ...args: readonly string[]): Buffer {
  const file = join(directory, 'updateinfo.xml');
  writeFileSync(file, content);
  execFileSync('zck', [...args, '-o', `${file}.zck`, file]);
  return readFileSync(`${file}.zck`);
}

describe('a zchunk file', () => {
  test('in one piece and in many is expanded', async () => {
    for (const content of ['', 'one line\n', text, text.repeat(20)]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const plain = await expandZchunk(zck(content), largest);
      expect(plain.toString('utf8') === content).toBe(true);
    }
  });

  test('with a dictionary is expanded', async () => {
    const dictionary = join(directory, 'dictionary');
    writeFileSync(dictionary, text.slice(0, 4000));
    const file = zck(text, '-D', dictionary);
    expect((await expandZchunk(file, largest)).toString('utf8') === text).toBe(true);
  });

  test('with checksums of what is not compressed is expanded', async () => {
    expect((await expandZchunk(zck(text, '--uncompressed'), largest)).toString('utf8') === text).toBe(true);
  });

  test('is text to a collector', async () => {
    const path = join(directory, 'a-updateinfo.xml.zck');
    writeFileSync(path, zck(text));
    const host = localHost({ stateDirectory: directory });
    expect(await host.readCompressed(path)).toBe(text);
    writeFileSync(path, zck(text).subarray(0, 2000));
    await expect(host.readCompressed(path)).rejects.toMatchObject({ reason: 'unexpected_output' });
  });

  test('cut off at any place, or with one byte changed in its data, is refused', async () => {
    const file = zck(text.slice(0, 3000));
    for (let end = zchunkMagic.length / 2; end < file.length; end += 1)
      // oxlint-disable-next-line no-await-in-loop -- one cut after the other
      await expect(expandZchunk(file.subarray(0, end), largest), String(end)).rejects.toThrow();
    const changed = Buffer.from(file);
    changed.writeUInt8((changed.at(-5) ?? 0) ^ 1, changed.length - 5);
    await expect(expandZchunk(changed, largest)).rejects.toThrow('its checksum is another one');
  });

  test('larger than the limit is refused before it is expanded', async () => {
    await expect(expandZchunk(zck(text), 1000)).rejects.toThrow('it holds more than 1000 bytes');
  });
});
