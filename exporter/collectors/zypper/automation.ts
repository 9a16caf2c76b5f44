import type { Host } from '../../collector.ts';
import { sample, type Sample } from '../../metrics.ts';
import { readUnits } from '../system/systemd.ts';

/**
 * What installs updates by itself: os-update (`zypper up` or `dup`, os-update(8)), transactional-update (MicroOS, SLE Micro;
 * transactional-update.service), zypper-automatic (a contribution). Their timers do nothing else.
 */
const units = ['os-update', 'transactional-update', 'zypper-automatic'];

/** Where YaST puts a link to online_update (OnlineUpdateConfiguration.rb of yast2-online-update-configuration). */
const cronJobs = ['daily', 'weekly', 'monthly'].map(
  (interval) => `/etc/cron.${interval}/opensuse.org-online_update`,
);

/** Whether updates get installed unattended, and when that last ran. Nothing where neither systemd nor YaST tells. */
export async function readAutomation(host: Host, manager: string): Promise<readonly Sample[]> {
  const services = units.map((name) => `${name}.service`);
  const found = await readUnits(host, [...units.map((name) => `${name}.timer`), ...services]);
  const links = await Promise.all(cronJobs.map((path) => host.stat(path)));
  const cron = links.some((link) => link !== undefined);
  if (found === undefined && !cron) return [];
  const timer = (found ?? []).some(
    ({ name, enabled, active }) => name.endsWith('.timer') && enabled && active,
  );
  const ends = (found ?? []).flatMap(({ name, ended, succeeded }) =>
    services.includes(name) && ended !== undefined && succeeded ? [ended] : [],
  );
  return [
    sample('maintenance_patch_automation_enabled', { manager }, timer || cron ? 1 : 0),
    ...(ends.length === 0
      ? []
      : [sample('maintenance_patch_automation_last_run_timestamp_seconds', { manager }, Math.max(...ends))]),
  ];
}
