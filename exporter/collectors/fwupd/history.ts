import type { Deployment } from '../patch/deployments.ts';
import type { Device } from './updates.ts';

/** FwupdUpdateState by number and word (libfwupd/fwupd-enums.h). */
const states: Readonly<Record<string, 'pending' | 'success' | 'failure' | 'needs_reboot'>> = {
  1: 'pending',
  pending: 'pending',
  2: 'success',
  success: 'success',
  3: 'failure',
  failed: 'failure',
  4: 'needs_reboot',
  'needs-reboot': 'needs_reboot',
  5: 'failure',
  'failed-transient': 'failure',
};

const stateOf = ({ UpdateState: state }: Device) => states[String(state)];

/** Devices whose update waits for the next start. */
export function waitingDevices(history: readonly Device[]): ReadonlySet<string> {
  return new Set(
    history
      .filter((device) => stateOf(device) === 'pending' || stateOf(device) === 'needs_reboot')
      .map(({ DeviceId: id }) => id),
  );
}

/**
 * Deployments in the history of fwupd. One that waits for a start is left out until fwupd has seen after it whether it took: only
 * then it is a success or a failure.
 */
export function deploymentsOf(history: readonly Device[]): readonly Deployment[] {
  return history.flatMap((device) => {
    const outcome = stateOf(device);
    const started = device.Modified ?? device.Created;
    if ((outcome !== 'success' && outcome !== 'failure') || started === undefined || started <= 0) return [];
    const to = device.Releases?.[0]?.Version;
    const failed = outcome === 'failure' ? { failed: true } : {};
    return [
      {
        started,
        outcome,
        packages: [{ name: device.Name ?? device.DeviceId, from: device.Version, to, ...failed }],
        number: `${device.DeviceId} ${to ?? ''} ${outcome}`,
      },
    ];
  });
}
