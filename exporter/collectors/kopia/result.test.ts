import { describe, expect, test } from 'vitest';
import { kopiaResult } from './result.ts';

const create = ['kopia', 'snapshot', 'create', '/srv'];
const manifest = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify(
    {
      id: 'a',
      source: { host: 'web-1', userName: 'root', path: '/srv' },
      startTime: '2026-11-25T02:00:00Z',
      endTime: '2026-11-25T02:10:00Z',
      stats: { errorCount: 0 },
      rootEntry: { name: 'srv', type: 'd', summ: { size: 1000, files: 10, numFailed: 0 } },
      ...changes,
    },
    undefined,
    2,
  );
const ended = (argv: readonly string[], exitCode: number, stdout = '', stderr = '') =>
  kopiaResult({ argv, exitCode, stdout, stderr });

describe('kopia snapshot create', () => {
  test('without errors is a success, with its numbers where it was asked for JSON', () => {
    expect(ended(create, 0, '', 'Created snapshot with root k1 and ID a in 2s\n')).toEqual({
      kind: 'run',
      outcome: 'success',
    });
    expect(ended([...create, '--json'], 0, `${manifest()}\n${manifest()}\n`)).toEqual({
      kind: 'run',
      outcome: 'success',
      bytes: 2000,
      files: 20,
    });
  });

  test('with files it could not read is partial, also with --json, where it ends with 0', () => {
    // https://github.com/kopia/kopia/issues/2553
    const said =
      'Created snapshot with root k9 and ID 1e in 0s\nWARN Ignored 3 error(s) while snapshotting areq@q:/home/areq/backup.\nERROR Found 1 fatal error(s) while snapshotting areq@q:/home/areq/backup.\n';
    expect(ended(create, 1, '', said)).toMatchObject({ kind: 'run', outcome: 'partial' });
    const failed = manifest({ rootEntry: { summ: { size: 1, files: 1, numFailed: 2 } } });
    expect(ended([...create, '--json'], 0, failed)).toMatchObject({
      outcome: 'partial',
      reason: '2 files or directories could not be read',
    });
    expect(ended([...create, '--json'], 0, manifest({ incomplete: 'canceled' }))).toMatchObject({
      outcome: 'partial',
    });
    expect(ended(create, 0, '', 'Created partial snapshot with root k1 and ID a in 2s\n')).toMatchObject({
      outcome: 'partial',
      reason: 'Created partial snapshot',
    });
    expect(ended(create, 0, '', 'WARN Ignored 3 error(s) while snapshotting a@b:/c.\n')).toMatchObject({
      outcome: 'partial',
      reason: 'Ignored 3 error(s) while snapshotting a@b:/c.',
    });
  });

  test('that saved nothing is a failure', () => {
    expect(ended(create, 1, '', 'ERROR upload error: unable to write\n')).toEqual({
      kind: 'run',
      outcome: 'failure',
      reason: 'kopia ended with 1: ERROR upload error: unable to write',
    });
    const both =
      'ERROR upload error: no space left on device\nERROR Found 1 fatal error(s) while snapshotting a@b:/c.\nERROR encountered 2 errors:\n';
    expect(ended(create, 1, '', both)).toMatchObject({ outcome: 'failure' });
    expect(ended(create, 130)).toMatchObject({ outcome: 'failure' });
  });
});

describe('kopia snapshot verify', () => {
  const verify = ['kopia', 'snapshot', 'verify'];
  const summary = (changes: Readonly<Record<string, unknown>> = {}) =>
    `{"msg":"progress"}\n${JSON.stringify({ stats: { processedObjectCount: 9, readFileCount: 4, readBytes: 10 }, errorCount: 0, ...changes })}\n`;
  test('looks at the structure, unless it was told to read files back', () => {
    expect(ended(verify, 0)).toEqual({ kind: 'check', depth: 'structure', success: true });
    expect(ended([...verify, '--verify-files-percent=0'], 0)).toMatchObject({ depth: 'structure' });
    expect(ended([...verify, '--verify-files-percent=5', '--json'], 0, summary())).toMatchObject({
      depth: 'data',
      success: true,
    });
    expect(ended([...verify, '--verify-files-percent', '100'], 0)).toMatchObject({ depth: 'data' });
    const none = summary({ stats: { readFileCount: 0 } });
    expect(ended([...verify, '--verify-files-percent=0.1', '--json'], 0, none)).toMatchObject({
      depth: 'structure',
    });
  });

  test('tells what it found, and nothing when it could not look', () => {
    const found = summary({ errorCount: 2, errorStrings: ['error reading object k1: missing blob', 'x'] });
    expect(
      ended([...verify, '--verify-files-percent=100', '--json'], 1, found, 'ERROR encountered 2 errors\n'),
    ).toEqual({
      kind: 'check',
      depth: 'data',
      success: false,
      reason: 'it found 2 errors: error reading object k1: missing blob',
    });
    expect(ended(verify, 1, '', 'ERROR encountered 3 errors\n')).toMatchObject({
      kind: 'check',
      success: false,
    });
    expect(ended(verify, 1, '', 'ERROR open repository: invalid repository password\n')).toMatchObject({
      kind: 'no_verdict',
    });
    expect(ended(verify, 137)).toMatchObject({ kind: 'no_verdict' });
  });
});

test('other commands are not understood', () => {
  expect(ended(['kopia', 'snapshot', 'list'], 0)).toBeUndefined();
  expect(ended(['kopia', 'maintenance', 'run'], 0)).toBeUndefined();
  expect(ended(['tar', '-cf', '/srv/kopia', 'snapshot'], 0)).toBeUndefined();
});
