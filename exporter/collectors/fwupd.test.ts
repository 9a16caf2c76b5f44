import { describe, expect, test } from 'vitest';
import { CollectorError, type Collection, type ToolOutput } from '../collector.ts';
import { replay, type Replay } from '../replay.ts';
import { deploymentsOf, waitingDevices } from './fwupd/history.ts';
import { newestRelease, remotesSchema, wasFetched } from './fwupd/remotes.ts';
import { parseAnswer } from './fwupd/tool.ts';
import { devicesSchema, offersOf } from './fwupd/updates.ts';
import { fwupd } from './fwupd.ts';

// No test here runs fwupd: its daemon needs the system bus, polkit and a device whose firmware can be changed, and the plugin that plays
// one is not in Debian's package. The answers have the shape of fwupd 1.5 to 2.0 (libfwupd/fwupd-device.c, fwupd-release.c,
// fwupd-remote.c); what fwupdmgr 2.0.20 says without a daemon was captured.

const now = 1_795_000_000;
const day = 86_400;
const output = (stdout: string, exitCode = 0, stderr = ''): ToolOutput => ({ exitCode, stdout, stderr });
const error = (code: number, message: string, domain = 'FwupdError') =>
  JSON.stringify({ Error: { Domain: domain, Code: code, Message: message } });
const nothing = output(error(9, 'No updates available'), 2);
const noHistory = output(error(9, 'No history'), 2);
const flags = '--json --no-unreported-check --no-metadata-check';
const lines = ({ samples }: Collection) =>
  samples.map(({ name, labels, value }) => `${name}{${Object.values(labels).join(',')}} ${value}`);
const reasonOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (caught) {
    return caught instanceof CollectorError ? caught.reason : 'not a CollectorError';
  }
};

const lvfs = {
  Id: 'lvfs',
  Kind: 'download',
  Enabled: true,
  FilenameCache: '/var/lib/fwupd/metadata/lvfs/firmware.xml.zst',
  Mtime: now - day,
};
const xml = `<components origin="lvfs" version="0.9"><component type="firmware"><releases>
  <release timestamp="${now - 9 * day}" urgency="low" version="1.2.3" id="1"/>
  <release version="1.2.4" timestamp="${now - 2 * day}" urgency="high"><location>x</location></release>
  <release version="9" timestamp="${now + 90 * day}"/></releases></component></components>`;
const bios = {
  Name: 'System Firmware',
  DeviceId: 'a45df35ac0e948ee180fe216a5f703f32dda163f',
  Flags: ['internal', 'updatable', 'needs-reboot'],
  Version: '1.10',
  Releases: [
    { Version: '1.12', Created: now - 10 * day, Urgency: 'low', Flags: ['trusted-metadata', 'is-upgrade'] },
    { Version: '1.11', Created: now - 200 * day, Urgency: 'critical', Flags: ['is-upgrade'] },
    { Version: '1.09', Created: now - 900 * day, Urgency: 'high', Flags: ['is-downgrade'] },
  ],
};
const base = {
  now,
  commands: {
    [`fwupdmgr get-history ${flags}`]: noHistory,
    [`fwupdmgr get-remotes ${flags}`]: JSON.stringify({ Remotes: [lvfs] }),
    [`fwupdmgr get-updates ${flags}`]: JSON.stringify({ Devices: [bios] }),
  },
  files: { [lvfs.FilenameCache]: xml },
} satisfies Replay;

describe('fwupd, replayed', () => {
  test('every newer release counts with its own urgency and date, so a minor one does not hide the critical one before', async () => {
    const collection = await fwupd.collect(replay(base), {});
    expect(collection.problems).toEqual([]);
    expect(lines(collection)).toEqual(
      expect.arrayContaining([
        'maintenance_patch_metadata_complete{fwupd} 1',
        `maintenance_patch_metadata_timestamp_seconds{fwupd,lvfs} ${now - 2 * day}`,
        'maintenance_patches_pending{fwupd,firmware,critical} 1',
        `maintenance_patch_oldest_pending_timestamp_seconds{fwupd,firmware,critical,released} ${now - 200 * day}`,
        'maintenance_patches_pending{fwupd,firmware,low} 1',
        'maintenance_patches_pending{fwupd,firmware,unknown} 0',
        'maintenance_patches_held{fwupd,firmware} 0',
      ]),
    );
  });

  test.each([
    ['2.0, as an error of its own', nothing],
    ['1.9, as an empty list', output('{"Devices":[]}')],
    ['1.5, in words', output('No updatable devices\n', 2)],
    ['1.7, in words', output('Devices with no available firmware updates: \n • UEFI dbx\n', 2)],
  ])('nothing to do is an explicit 0: %s', async (_, said) => {
    const commands = { ...base.commands, [`fwupdmgr get-updates ${flags}`]: said };
    expect(lines(await fwupd.collect(replay({ ...base, commands }), {}))).toContain(
      'maintenance_patches_pending{fwupd,firmware,unknown} 0',
    );
  });

  test.each([
    ['never fetched (2.0)', [{ ...lvfs, Mtime: -1 }]],
    ['never fetched (1.x)', [{ Id: 'lvfs', Kind: 'download', Enabled: true, Age: 1.8446744073709552e19 }]],
    ['not enabled', [{ ...lvfs, Enabled: false }]],
    ['only a folder', [{ ...lvfs, Id: 'vendor-directory', Kind: 'directory' }]],
    ['there is none', []],
  ])('where the metadata are %s fwupd sees no update: unknown, not 0', async (_, remotes) => {
    const commands = {
      ...base.commands,
      [`fwupdmgr get-remotes ${flags}`]: JSON.stringify({ Remotes: remotes }),
      [`fwupdmgr get-updates ${flags}`]: nothing,
    };
    const collection = await fwupd.collect(replay({ ...base, commands }), {});
    expect(lines(collection).filter((line) => line.includes('pending{'))).toEqual([]);
    expect(lines(collection)).toContain('maintenance_patch_metadata_complete{fwupd} 0');
    expect(collection.problems).toMatchObject([{ reason: 'metadata_missing' }]);
  });

  test('without a daemon nothing is claimed', async () => {
    const said = output(
      error(
        1,
        'Failed to connect to daemon: Could not connect: No such file or directory',
        'g-io-error-quark',
      ),
      1,
    );
    const commands = Object.fromEntries(Object.keys(base.commands).map((command) => [command, said]));
    const collection = await fwupd.collect(replay({ ...base, commands }), {});
    expect(collection.samples).toEqual([]);
    expect(new Set(collection.problems.map(({ reason }) => reason))).toEqual(new Set(['not_running']));
  });

  test('an update that waits for a start is not in effect, and no success yet', async () => {
    const state = new Map<string, unknown>();
    const files = { ...base.files, '/proc/stat': `btime ${now - 30 * day}\n` };
    await fwupd.collect(replay({ ...base, files, state }), {});
    const waiting = { ...bios, UpdateState: 4, Modified: now + 60, Releases: [bios.Releases[0]] };
    const commands = {
      ...base.commands,
      [`fwupdmgr get-updates ${flags}`]: nothing,
      [`fwupdmgr get-history ${flags}`]: JSON.stringify({ Devices: [waiting] }),
    };
    const written = await fwupd.collect(replay({ ...base, files, state, commands, now: now + 120 }), {});
    expect(lines(written)).toEqual(
      expect.arrayContaining([
        'maintenance_patches_pending{fwupd,firmware,unknown} 0',
        `maintenance_patch_oldest_inactive_timestamp_seconds{fwupd,firmware,critical,released} ${now - 200 * day}`,
        'maintenance_patch_deployments_total{fwupd,success} 0',
      ]),
    );
    const done = {
      ...commands,
      [`fwupdmgr get-history ${flags}`]: JSON.stringify({
        Devices: [{ ...waiting, UpdateState: 3, UpdateError: 'battery low' }],
      }),
    };
    const after = await fwupd.collect(
      replay({
        ...base,
        files: { ...files, '/proc/stat': `btime ${now + 600}\n` },
        state,
        commands: done,
        now: now + 900,
      }),
      {},
    );
    expect(lines(after)).toEqual(
      expect.arrayContaining([
        'maintenance_patch_deployments_total{fwupd,failure} 1',
        'maintenance_patch_deployments_total{fwupd,success} 0',
      ]),
    );
    expect(lines(after).join()).not.toContain('inactive');
  });
});

describe('an answer of fwupdmgr', () => {
  test('may have warnings before it', () => {
    const said = output(
      'WARNING: UEFI firmware can not be updated in legacy BIOS mode\n  See https://github.com/fwupd\n{"Devices":[]}\n',
    );
    expect(parseAnswer(said, devicesSchema, 'get-updates')).toEqual({ Devices: [] });
  });

  test.each([
    ['', 0, 'unexpected_output'],
    ['{"Devices" : [ {"Na', 0, 'unexpected_output'],
    ['{"Devices":[{"Name":"x"}]}', 0, 'unexpected_output'],
    ['{"devices":[]}', 0, 'unexpected_output'],
    ['Fehler', 2, 'tool_failed'],
    [error(0, 'internal error'), 1, 'tool_failed'],
    [error(9, 'No updates available'), 0, 'tool_failed'],
    [
      'Failed to connect to daemon: The name org.freedesktop.fwupd was not provided by any .service files',
      1,
      'not_running',
    ],
    [error(4, 'Permission denied'), 1, 'permission_denied'],
  ])('%j with %i is %s', (stdout, exitCode, reason) => {
    expect(reasonOf(() => parseAnswer(output(stdout, exitCode), devicesSchema, 'get-updates'))).toBe(reason);
  });
});

describe('releases', () => {
  const release = (version: string, ...marks: readonly string[]) => ({ Version: version, Flags: [...marks] });
  test('urgencies are those of the LVFS, as words and numbers; anything else is unknown', () => {
    const Releases = ['critical', 'high', 'medium', 'low', 'unknown', 4, 3, 2, 1, 0, undefined].map(
      (Urgency, at) => ({ Version: `${at}`, Urgency }),
    );
    expect(offersOf([{ DeviceId: 'd', Releases }]).offers.map(({ severity }) => severity)).toEqual([
      'critical',
      'important',
      'moderate',
      'low',
      'unknown',
      'critical',
      'important',
      'moderate',
      'low',
      'unknown',
      'unknown',
    ]);
  });

  test('a device all of whose newer releases are blocked is held; one with another release is not', () => {
    const { offers, held } = offersOf([
      { DeviceId: 'blocked', Releases: [release('2', 'is-upgrade', 'blocked-approval')] },
      {
        DeviceId: 'open',
        Releases: [release('3', 'is-upgrade', 'blocked-version'), release('2', 'is-upgrade')],
      },
      { DeviceId: 'none', Releases: [release('1', 'is-downgrade')] },
      { DeviceId: 'empty' },
    ]);
    expect([...held]).toEqual(['blocked']);
    expect(offers.map(({ name, version }) => `${name} ${version}`)).toEqual(['blocked 2', 'open 2']);
  });
});

describe('history', () => {
  const entry = (state: number | string) => ({
    Name: 'BIOS',
    DeviceId: 'd',
    Version: '1',
    Modified: 50,
    Created: 40,
    UpdateState: state,
    Releases: [{ Version: '2' }],
  });
  test.each([
    [2, ['success']],
    ['success', ['success']],
    [3, ['failure']],
    [5, ['failure']],
    ['failed', ['failure']],
    [1, []],
    [4, []],
    [0, []],
    ['something-new', []],
  ])('state %s', (state, expected) => {
    expect(deploymentsOf([entry(state)]).map(({ outcome }) => outcome)).toEqual(expected);
    expect(waitingDevices([entry(state)]).size).toBe(state === 1 || state === 4 ? 1 : 0);
  });

  test('it has the versions and when it was done', () => {
    expect(deploymentsOf([entry(2)])).toEqual([
      {
        started: 50,
        outcome: 'success',
        number: 'd 2 success',
        packages: [{ name: 'BIOS', from: '1', to: '2' }],
      },
    ]);
  });
});

describe('metadata', () => {
  test('are as old as the newest release in them, not as the file; one from the future is none', () => {
    expect(newestRelease(xml, now)).toBe(now - 2 * day);
    expect(newestRelease('<components/>', now)).toBeUndefined();
  });

  test('of a remote that does not say are unknown', () => {
    const [remote] = remotesSchema.parse({ Remotes: [{ Id: 'x' }] }).Remotes;
    expect(remote === undefined ? true : wasFetched(remote)).toBeUndefined();
  });
});
