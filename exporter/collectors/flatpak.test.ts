import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import type { Evidence } from '../evidence.ts';
import { replay, type Replay } from '../replay.ts';
import { parseJournal } from './flatpak/journal.ts';
import { isMasked, parseMasks } from './flatpak/refs.ts';
import { parseRows } from './flatpak/tool.ts';
import { flatpak } from './flatpak.ts';

const output = (stdout: string, exitCode = 0, stderr = ''): ToolOutput => ({ exitCode, stdout, stderr });
const lines = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const journal =
  'journalctl --output=json --no-pager --lines=2000 MESSAGE_ID=c7b39b1e006b464599465e105b361485';
const entry = {
  __REALTIME_TIMESTAMP: '1794000000123456',
  OPERATION: 'deploy update',
  REF: 'app/org.gnome.Maps/x86_64/stable',
  COMMIT: 'b'.repeat(64),
  OLD_COMMIT: 'a'.repeat(64),
  INSTALLATION: 'system',
  REMOTE: 'flathub',
  OBJECT_UID: '1000',
};
const base = {
  commands: {
    'flatpak list --all --columns=ref:f,origin:f,active:f':
      'org.gnome.Maps/x86_64/stable\tflathub\taaaaaaaaaaaa\norg.gnome.Platform/x86_64/47\tflathub\tcccccccccccc\n',
    'flatpak remotes --columns=name:f,options:f': 'flathub\tsystem\n',
    'flatpak remote-ls --updates --columns=ref:f,commit:f':
      'app/org.gnome.Maps/x86_64/stable\tbbbbbbbbbbbb\n',
    'flatpak mask': '',
    [journal]: '',
  },
} satisfies Replay;
const collect = (commands: Replay['commands'], evidence: Evidence[] = []) =>
  flatpak.collect(replay({ commands: { ...base.commands, ...commands }, evidence }), {});

describe('flatpak, replayed', () => {
  test('an application waits; deployments are read from the journal, and that none failed is not claimed', async () => {
    const evidence: Evidence[] = [];
    const collection = await collect({ [journal]: `${JSON.stringify(entry)}\n` }, evidence);
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual([
      'maintenance_patch_metadata_complete{flatpak} 1',
      'maintenance_patches_pending{flatpak,application,unknown} 1',
      expect.stringContaining('oldest_pending_timestamp_seconds{flatpak,application,unknown,first_seen}'),
      'maintenance_patches_held{flatpak,application} 0',
      'maintenance_patch_deployments_total{flatpak,success} 1',
      'maintenance_patch_last_deployment_timestamp_seconds{flatpak,success} 1794000000.123456',
    ]);
    expect(evidence).toMatchObject([{ actor: 'uid 1000', outcome: 'success' }]);
  });

  test.each([
    [
      'a server does not answer',
      {
        'flatpak remote-ls --updates --columns=ref:f,commit:f': output(
          '',
          1,
          'error: Unable to load summary from remote flathub: While fetching https://x: [6] Could not resolve hostname\n',
        ),
      },
      'tool_failed',
    ],
    [
      'its installation may not be read',
      {
        'flatpak list --all --columns=ref:f,origin:f,active:f': output(
          '',
          1,
          'error: opening /var/lib/flatpak: Permission denied\n',
        ),
      },
      'permission_denied',
    ],
    [
      'it prints other columns',
      { 'flatpak remote-ls --updates --columns=ref:f,commit:f': 'Maps\torg.gnome.Maps\t47\n' },
      'unexpected_output',
    ],
    [
      'it is cut off',
      { 'flatpak remote-ls --updates --columns=ref:f,commit:f': 'app/org.gnome.Maps/x86_64/stable\tbbbb' },
      'unexpected_output',
    ],
    ['a mask cannot be read', { 'flatpak mask': output('', 1) }, 'tool_failed'],
    [
      'it is too slow',
      {
        'flatpak remote-ls --updates --columns=ref:f,commit:f': new CollectorError(
          'timeout',
          'flatpak took longer than 120 s',
        ),
      },
      'timeout',
    ],
  ])('where %s pending is unknown, not 0', async (_, commands, reason) => {
    const collection = await collect(commands);
    expect(lines(collection).join()).not.toContain('pending{');
    expect(collection.problems).toMatchObject([{ reason }]);
  });

  test('a journal that may not be read is said', async () => {
    const collection = await collect({
      [journal]: output(
        '',
        0,
        'Hint: You are currently not seeing messages from other users and the system.\n',
      ),
    });
    expect(lines(collection).join()).not.toContain('deployments');
    expect(collection.problems).toMatchObject([{ reason: 'permission_denied' }]);
  });

  test('without a journal there are no deployments to tell', async () => {
    const collection = await collect({ [journal]: output('', 1, 'No journal files were found.\n') });
    expect(lines(collection).join()).not.toContain('deployments');
    expect(collection.problems).toEqual([]);
  });

  test('what was counted stays when the journal forgets it', async () => {
    const state = new Map<string, unknown>();
    const run = (text: string) =>
      flatpak.collect(replay({ commands: { ...base.commands, [journal]: text }, state }), {});
    expect(lines(await run('')).join()).not.toContain('deployments');
    await run(`${JSON.stringify(entry)}\n`);
    expect(lines(await run(''))).toContain('maintenance_patch_deployments_total{flatpak,success} 1');
  });

  test('with nothing installed the remotes are not asked', async () => {
    const collection = await collect({
      'flatpak list --all --columns=ref:f,origin:f,active:f': '',
      'flatpak remote-ls --updates --columns=ref:f,commit:f': new CollectorError(
        'timeout',
        'must not be asked',
      ),
    });
    expect(lines(collection)).toContain('maintenance_patches_pending{flatpak,application,unknown} 0');
  });
});

describe('masks', () => {
  const maps = 'org.gnome.Maps/x86_64/stable';
  test.each([
    ['org.gnome.Maps', true],
    ['org.gnome.*', true],
    ['*', true],
    ['app/org.gnome.Maps/x86_64/stable', true],
    ['org.gnome.Maps//stable', true],
    ['org.gnome.Maps/*/beta', false],
    ['org.gnome', false],
    ['org-gnome-Maps', false],
  ])('%s: %s', (mask, expected) => expect(isMasked(maps, [mask])).toBe(expected));
  test('are the indented lines', () =>
    expect(parseMasks('Masked patterns:\n  org.gnome.*\n  org.x.Y/x86_64/stable\n')).toEqual([
      'org.gnome.*',
      'org.x.Y/x86_64/stable',
    ]));
});

describe('rows and entries', () => {
  test('a row with an empty column is one; with another number it is refused', () => {
    expect(parseRows('a\t\n\nb\tc\n', 2)).toEqual([
      ['a', ''],
      ['b', 'c'],
    ]);
    expect(() => parseRows('a\n', 2)).toThrow(expect.objectContaining({ reason: 'unexpected_output' }));
  });
  test('pulls and changes of remotes are no deployments; a removal has no new commit', () => {
    const operations = ['pull', 'pull install', 'add remote', 'deploy install', 'uninstall'];
    expect(
      parseJournal(operations.map((OPERATION) => JSON.stringify({ ...entry, OPERATION })).join('\n')).map(
        ({ packages }) => packages[0]?.to === undefined,
      ),
    ).toEqual([false, true]);
  });
  test('what is no entry is refused', () =>
    expect(() => parseJournal('-- No entries --\n')).toThrow(
      expect.objectContaining({ reason: 'unexpected_output' }),
    ));
});
