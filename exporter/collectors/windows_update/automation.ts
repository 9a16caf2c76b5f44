import { type Sample, sample } from '../../metrics.ts';
import type { Automatic, Policy } from './answer.ts';

const labels = { manager: 'windows_update' } as const;

/** Whether updating is automatic, and when it last installed something with success. */
export function automationSamples(policy: Policy, automatic: Automatic, now: number): readonly Sample[] {
  const enabled = installsByItself(policy, automatic.notificationLevel, now);
  const { lastInstallation } = automatic;
  return [
    ...(enabled === undefined
      ? []
      : [sample('maintenance_patch_automation_enabled', labels, enabled ? 1 : 0)]),
    ...(lastInstallation === undefined
      ? []
      : [
          sample(
            'maintenance_patch_automation_last_run_timestamp_seconds',
            labels,
            Math.floor(lastInstallation),
          ),
        ]),
  ];
}

/**
 * Whether updates are installed without anybody asking. A policy decides before the setting of the host; see "Configure Automatic
 * Updates in a Non-Active Directory Environment" (NoAutoUpdate, AUOptions) and AutomaticUpdatesNotificationLevel. Only 4
 * installs; 2, 3, 5 and 7 wait for somebody.
 * @param now unix seconds.
 * @returns undefined where neither says: what Windows does then differs by edition and version.
 */
export function installsByItself(
  policy: Policy,
  notificationLevel: Automatic['notificationLevel'],
  now: number,
): boolean | undefined {
  if (policy.service?.toLowerCase() === 'disabled') return false;
  if (policy.pausedUntil !== undefined && policy.pausedUntil > now) return false;
  if (policy.noAutoUpdate === 1) return false;
  const setting = policy.option ?? notificationLevel ?? 0;
  return setting === 0 ? undefined : setting === 4;
}
