import { describe, expect, test } from 'vitest';
import { CollectorError } from '../../collector.ts';
import { replay, type Replay } from '../../replay.ts';
import { automationSamples, readAutomation } from './automation.ts';
import { parseConfiguration } from './configuration.ts';
import { parseStatus } from './dpkg-status.ts';

const shell = [
  'status',
  'extendedStates',
  'lists',
  'periodic',
  'history',
  'sources',
  'sourceParts',
  'preferences',
  'preferenceParts',
  'main',
  'mainParts',
]
  .map((name) => `${name}='/x/${name}/'`)
  .join('\n');
/** As Debian's unattended-upgrades leaves it after `dpkg-reconfigure`. */
const switchedOn = [
  'APT::Periodic "";',
  'APT::Periodic::Enable "1";',
  'APT::Periodic::Update-Package-Lists "1";',
  'APT::Periodic::Unattended-Upgrade "1";',
  'Unattended-Upgrade "";',
  'Unattended-Upgrade::Origins-Pattern "";',
  'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,codename=${distro_codename},label=Debian-Security";',
];
const installed = parseStatus(
  'Package: unattended-upgrades\nStatus: install ok installed\nArchitecture: all\nVersion: 2.9\n',
);
const unit = (name: string, more = 'UnitFileState=enabled\nActiveState=active', loaded = 'loaded') =>
  `Id=${name}\nLoadState=${loaded}\n${more}\nResult=success\nExecMainExitTimestamp=\n`;
const timer = unit('apt-daily-upgrade.timer');
const service = unit('apt-daily-upgrade.service', 'UnitFileState=static\nActiveState=inactive');
const show =
  'systemctl show --no-pager --property=Id,LoadState,UnitFileState,ActiveState,Result,ExecMainExitTimestamp -- apt-daily-upgrade.timer apt-daily-upgrade.service';
const systemd = (answer: NonNullable<Replay['commands']>[string]): Replay => ({
  commands: { [show]: answer },
  files: { '/run/systemd/system/x': '' },
});
const running = systemd(`${timer}\n${service}`);

const read = (host: Replay = running, options = switchedOn, packages = installed) =>
  readAutomation(replay(host), parseConfiguration(shell, options.join('\n')), packages);
const enabled = async (...args: Parameters<typeof read>) => {
  const { enabled: answer, problems } = await read(...args);
  return [answer, problems.map(({ reason }) => reason)];
};
const set = (name: string, value: string | undefined) => [
  ...switchedOn.filter((line) => !line.startsWith(`${name} `)),
  ...(value === undefined ? [] : [`${name} "${value}";`]),
];

describe('automatic updates are on', () => {
  test('where a timer starts unattended-upgrades and that may install', async () => {
    expect(await enabled()).toEqual([true, []]);
  });

  // check_stamp() of apt.systemd.daily: only a plain 0 is never, `0d` is at every start.
  test.each(['always', '1d', '7', '12h', '0d'])('at an interval of %s', async (interval) => {
    expect(await enabled(running, set('APT::Periodic::Unattended-Upgrade', interval))).toEqual([true, []]);
  });

  test('where nothing says that they are off: APT::Periodic::Enable is 1 unless told', async () => {
    expect(await enabled(running, set('APT::Periodic::Enable', undefined))).toEqual([true, []]);
  });

  test('with the origins of Ubuntu', async () => {
    const options = switchedOn.map((line) => line.replace('Origins-Pattern', 'Allowed-Origins'));
    expect(await enabled(running, options)).toEqual([true, []]);
  });

  test('where cron starts it, without systemd', async () => {
    const cron = { files: { '/etc/cron.daily/apt-compat': '', '/run/crond.pid': '1' } };
    expect(await enabled(cron)).toEqual([true, []]);
    expect(await enabled({ files: { '/etc/cron.daily/apt-compat': '' } })).toEqual([false, []]);
    expect(await enabled({ files: { '/run/crond.pid': '1' } })).toEqual([false, []]);
  });
});

describe('automatic updates are off', () => {
  test.each([
    ['switched off', set('APT::Periodic::Enable', '0')],
    ['without an interval', set('APT::Periodic::Unattended-Upgrade', undefined)],
    ['with the interval 0', set('APT::Periodic::Unattended-Upgrade', '0')],
    ['only fetching lists', set('APT::Periodic::Unattended-Upgrade', '')],
    [
      'without an origin it may install from',
      switchedOn.filter((line) => !line.startsWith('Unattended-Upgrade::Origins-Pattern:: ')),
    ],
  ])('where they are %s', async (_, options) => expect(await enabled(running, options)).toEqual([false, []]));

  test.each([
    ['not installed', []],
    ['removed but for its configuration', installed.map((one) => ({ ...one, state: 'config-files' }))],
  ])('where unattended-upgrades is %s', async (_, packages) =>
    expect(await enabled(running, switchedOn, packages)).toEqual([false, []]),
  );

  test.each([
    [
      'is disabled',
      `${unit('apt-daily-upgrade.timer', 'UnitFileState=disabled\nActiveState=inactive')}\n${service}`,
    ],
    [
      'is stopped',
      `${unit('apt-daily-upgrade.timer', 'UnitFileState=enabled\nActiveState=inactive')}\n${service}`,
    ],
    ['is masked', `${unit('apt-daily-upgrade.timer', 'UnitFileState=masked', 'masked')}\n${service}`],
    ['is not there', `${unit('apt-daily-upgrade.timer', 'UnitFileState=', 'not-found')}\n${service}`],
  ])('where the timer %s', async (_, answer) => expect(await enabled(systemd(answer))).toEqual([false, []]));

  test('where the service is masked, though the timer goes on and the configuration says install', async () => {
    const masked = unit('apt-daily-upgrade.service', 'UnitFileState=masked\nActiveState=inactive', 'masked');
    expect(await enabled(systemd(`${timer}\n${masked}`))).toEqual([false, []]);
  });
});

describe('whether automatic updates are on is unknown, and not off,', () => {
  test.each([
    [
      'does not answer',
      { exitCode: 1, stderr: 'Failed to connect to bus: No such file or directory' },
      'not_running',
    ],
    ['fails', { exitCode: 1, stderr: 'no' }, 'tool_failed'],
    ['prints noise', '%{["', 'unexpected_output'],
    ['may not be asked', new CollectorError('permission_denied', 'no'), 'permission_denied'],
    ['takes too long', new CollectorError('timeout', 'no'), 'timeout'],
    ['has lost its program', new CollectorError('tool_missing', 'no'), 'not_running'],
  ])('where systemd %s', async (_, answer, reason) => {
    expect(await enabled(systemd(answer))).toEqual([undefined, [reason]]);
    expect(await automationSamples(replay({}), undefined, '/x/')).toEqual([]);
  });
});

describe('the last automatic run', () => {
  const samples = async (files: readonly string[]) => {
    const made = Object.fromEntries(files.map((file) => [`/p/${file}`, '']));
    const modified = Object.fromEntries(files.map((file, at) => [`/p/${file}`, 1000.9 + at]));
    return (await automationSamples(replay({ files: made, modified }), true, '/p/')).map(
      ({ name, value }) => `${name.replace('maintenance_patch_automation_', '')} ${value}`,
    );
  };

  test('is the stamp of an upgrade', async () => {
    expect(await samples(['upgrade-stamp'])).toEqual(['enabled 1', 'last_run_timestamp_seconds 1000']);
  });

  // apt_info.py takes update-stamp for the time of the last update; apt.systemd.daily touches it when apt-get update
  // returned 0, and that it does when every mirror is down (research, fact 1).
  test('is not update-stamp, which is touched when every mirror is down', async () => {
    expect(await samples(['update-stamp', 'update-success-stamp', 'download-upgradeable-stamp'])).toEqual([
      'enabled 1',
    ]);
  });

  test('is not unattended-upgrades-stamp, which a dry run leaves too', async () => {
    expect(await samples(['unattended-upgrades-stamp'])).toEqual(['enabled 1']);
  });

  test('is unknown and not 0 where there is none (apt_info.py says 0.0 on Ubuntu before the first update-stamp)', async () => {
    expect(await samples([])).toEqual(['enabled 1']);
  });
});
