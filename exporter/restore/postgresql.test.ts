import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programsOf, shellWords } from './postgresql.ts';

test('words of a restore_command come to the program as they are, after PostgreSQL and a shell', () => {
  const words = ["it's", 'a $HOME', '100%f', '"%p"', '`id`', ''];
  // What PostgreSQL makes of it: see BuildRestoreCommand and replace_percent_placeholders.
  const given = shellWords(words).replaceAll('%%', '%');
  const told = execFileSync('sh', ['-c', `printf '%s\\n' ${given}`], { encoding: 'utf8' });
  expect(told.split('\n')).toEqual([...words, '']);
});

test('what came back without a version is no database, and one that is not installed is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'restored-'));
  try {
    await expect(programsOf(folder)).rejects.toMatchObject({
      reason: 'restore_failed',
      message: 'what came back is no database: it has no file PG_VERSION',
    });
    writeFileSync(join(folder, 'PG_VERSION'), '9999\n');
    const path = process.env['PATH'];
    process.env['PATH'] = '';
    try {
      await expect(programsOf(folder)).rejects.toMatchObject({
        reason: 'restore_failed',
        message: expect.stringContaining('the backup is of PostgreSQL 9999, which is not installed here'),
      });
    } finally {
      process.env['PATH'] = path;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
