import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { stateIn } from './state.ts';

const scratch = mkdtempSync(join(tmpdir(), 'state-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let directory: string;
let newest: string;
let previous: string;
beforeEach(() => {
  directory = mkdtempSync(join(scratch, 'case-'));
  newest = join(directory, 'facts.json');
  previous = join(directory, 'facts.previous.json');
});
const nothing = { document: undefined, problems: [], lost: false };
const reasons = ({ problems }: Awaited<ReturnType<ReturnType<typeof stateIn>['read']>>) =>
  problems.map(({ reason }) => reason);

test('what was written is read by another process', async () => {
  expect(await stateIn(directory).read('facts')).toEqual(nothing);
  await stateIn(directory).write('facts', { a: 'ü', b: [1, null] });
  expect(await stateIn(directory).read('facts')).toEqual({ ...nothing, document: { a: 'ü', b: [1, null] } });
});

test('the directory is made when it is first needed', async () => {
  await stateIn(join(directory, 'a/b')).write('facts', 1);
  expect(await stateIn(join(directory, 'a/b')).read('facts')).toEqual({ ...nothing, document: 1 });
});

test('cut off after any byte, the file is noticed and the one before is in use', async () => {
  const state = stateIn(directory);
  await state.write('facts', { generation: 1 });
  await state.write('facts', { generation: 2, text: 'ü €' });
  const [whole, before] = [readFileSync(newest), readFileSync(previous)];
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(newest, whole.subarray(0, length));
    writeFileSync(previous, before);
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const read = await state.read('facts');
    expect(read, `${length} bytes`).toMatchObject({ document: { generation: 1 }, lost: false });
    expect(reasons(read)).toEqual(['state_unreadable']);
    expect(read.problems[0]?.message).toBe(
      `${newest} is damaged and was kept as facts.json.damaged; what it held one change before is in use`,
    );
    expect(readFileSync(`${newest}.damaged`)).toEqual(whole.subarray(0, length));
  }
});

test('any single byte overwritten is noticed', async () => {
  const state = stateIn(directory);
  await state.write('facts', { generation: 1 });
  const whole = readFileSync(newest);
  for (let at = 0; at < whole.length; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(newest, damaged);
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    expect(await state.read('facts'), `byte ${at}`).toMatchObject({ document: undefined, lost: true });
  }
});

test('both generations damaged: lost, which is not the same as never written', async () => {
  const state = stateIn(directory);
  await state.write('facts', 1);
  await state.write('facts', 2);
  writeFileSync(newest, '');
  writeFileSync(previous, '{"sha256":"');
  const read = await state.read('facts');
  expect(read).toMatchObject({ document: undefined, lost: true });
  expect(read.problems[0]?.message).toMatch(/and so is the one before; what they remembered starts anew$/);
  expect(existsSync(`${previous}.damaged`)).toBe(true);
});

test('power lost between the two renames: the one before is in use, and says so', async () => {
  const state = stateIn(directory);
  await state.write('facts', 1);
  await state.write('facts', 2);
  rmSync(newest);
  const read = await state.read('facts');
  expect(read).toMatchObject({ document: 1, lost: false });
  expect(read.problems[0]?.message).toContain('is gone');
  await state.write('facts', 3);
  expect(await state.read('facts')).toEqual({ ...nothing, document: 3 });
});

test('a state directory that cannot be written is a problem, not a silence', async () => {
  writeFileSync(join(directory, 'file'), '');
  await expect(stateIn(join(directory, 'file')).write('facts', {})).rejects.toMatchObject({
    reason: 'state_unwritable',
    message: expect.stringMatching(/^could not remember .*facts\.json/),
  });
});

describe('on a full disk (a tmpfs of 64 KiB; needs root)', () => {
  test.runIf(process.getuid?.() === 0)('nothing of what was remembered is lost', async () => {
    const full = join(directory, 'full');
    mkdirSync(full);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]);
    try {
      const state = stateIn(full);
      await state.write('facts', { small: true });
      await expect(state.write('facts', { large: 'x'.repeat(100_000) })).rejects.toMatchObject({
        reason: 'state_unwritable',
        message: expect.stringContaining('ENOSPC'),
      });
      expect(await state.read('facts')).toEqual({ ...nothing, document: { small: true } });
    } finally {
      execFileSync('umount', [full]);
    }
  });
});
