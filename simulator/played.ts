import type { ControlName, Policy } from '../alerts/policy.ts';

/** The controls the simulated fleet shows something of. A new one has a finding in verdicts.ts and changes in changes.ts. */
export const playedControls = [
  'host_reporting',
  'patch_security',
  'patch_standard',
  'patch_firmware',
  'patch_slip',
  'patch_metadata',
  'patch_automation',
  'patch_deployment',
  'reboot',
  'os_supported',
  'vulnerability_critical',
  'vulnerability_high',
  'vulnerability_scan',
  'backup',
  'backup_check',
  'backup_check_data',
  'restore_test',
  'av_definitions',
  'av_protection',
  'disk_health',
  'disk_self_test',
  'volume_health',
] as const satisfies readonly ControlName[];

export type PlayedControl = (typeof playedControls)[number];

const played: ReadonlySet<string> = new Set(playedControls);

/**
 * The policy of an estate in which nobody asks for what is not played: with it, the rules find what the fleet is. Of tasks,
 * those of the calendar are played.
 */
export function playedPolicy(policy: Policy): Policy {
  const roles = Object.entries(policy.roles).map(([role, asked]) => [
    role,
    asked.filter((control) => played.has(control)),
  ]);
  return { ...policy, roles: Object.fromEntries(roles) };
}

/** Whether the simulator says something of the control. */
export function isPlayed(control: string): control is PlayedControl {
  return played.has(control);
}
