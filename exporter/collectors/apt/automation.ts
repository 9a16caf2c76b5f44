import { CollectorError, problemOf, type Collection, type Host } from '../../collector.ts';
import { sample } from '../../metrics.ts';
import { readUnits } from '../system/systemd.ts';
import { option, optionList, type Configuration } from './configuration.ts';
import type { PackageState } from './dpkg-status.ts';

/** What starts apt.systemd.daily: the timer, or cron where there is no systemd (/etc/cron.daily/apt-compat). */
export const starters = {
  systemd: '/run/systemd/system',
  timer: 'apt-daily-upgrade.timer',
  service: 'apt-daily-upgrade.service',
  cronJob: '/etc/cron.daily/apt-compat',
  cron: '/run/crond.pid',
} as const;

/**
 * Whether the configuration says that updates are installed, by the rules of /usr/lib/apt/apt.systemd.daily: switched on, an
 * interval other than 0, unattended-upgrades there, and an origin it may install from.
 */
function installsUnattended(configuration: Configuration, packages: readonly PackageState[]): boolean {
  const origins = ['Allowed-Origins', 'Origins-Pattern'].flatMap((name) =>
    optionList(configuration, `Unattended-Upgrade::${name}`),
  );
  return (
    packages.some(({ name, state }) => name === 'unattended-upgrades' && state === 'installed') &&
    Number(option(configuration, 'APT::Periodic::Enable') ?? '1') !== 0 &&
    (option(configuration, 'APT::Periodic::Unattended-Upgrade') ?? '0') !== '0' &&
    origins.length > 0
  );
}

/**
 * Whether something starts it. A timer whose service is masked goes on and starts nothing.
 * @throws CollectorError not_running where systemd does not answer, and as Host.run.
 */
async function isStarted(host: Host): Promise<boolean> {
  if ((await host.stat(starters.systemd)) !== undefined) {
    const units = await readUnits(host, [starters.timer, starters.service]);
    if (units === undefined)
      throw new CollectorError(
        'not_running',
        `systemd does not answer, so whether ${starters.timer} is active is unknown; run: systemctl status ${starters.timer}`,
      );
    return (
      units.some(({ name, enabled, active }) => name === starters.timer && enabled && active) &&
      units.some(({ name }) => name === starters.service)
    );
  }
  const both = await Promise.all([host.stat(starters.cronJob), host.stat(starters.cron)]);
  return both.every((stat) => stat !== undefined);
}

/** Whether updates are installed without anybody asking; undefined, with a problem, where it cannot be told. */
export async function readAutomation(
  host: Host,
  configuration: Configuration,
  packages: readonly PackageState[],
): Promise<{ readonly enabled: boolean | undefined; readonly problems: Collection['problems'] }> {
  try {
    const enabled = installsUnattended(configuration, packages) && (await isStarted(host));
    return { enabled, problems: [] };
  } catch (error) {
    return { enabled: undefined, problems: [problemOf(error, 'automatic updates')] };
  }
}

/**
 * The last automatic run that ended well: apt.systemd.daily touches `upgrade-stamp` then and only then. The other stamps lie:
 * a dry run leaves `unattended-upgrades-stamp` too, and `update-stamp` is touched when every mirror is down.
 */
export async function automationSamples(
  host: Host,
  enabled: boolean | undefined,
  periodic: string,
): Promise<Collection['samples']> {
  const stamp = await host.stat(`${periodic}upgrade-stamp`);
  return [
    ...(enabled === undefined
      ? []
      : [sample('maintenance_patch_automation_enabled', { manager: 'apt' }, enabled ? 1 : 0)]),
    ...(stamp === undefined
      ? []
      : [
          sample(
            'maintenance_patch_automation_last_run_timestamp_seconds',
            { manager: 'apt' },
            Math.floor(stamp.modified),
          ),
        ]),
  ];
}
