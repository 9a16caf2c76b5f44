import type { Control } from './control.ts';
import { avDefinitions } from './controls/av_definitions.ts';
import { avProtection } from './controls/av_protection.ts';
import { backup } from './controls/backup.ts';
import { diskHealth } from './controls/disk_health.ts';
import { hostReporting } from './controls/host_reporting.ts';
import { osSupported } from './controls/os_supported.ts';
import { patchSecurity } from './controls/patch_security.ts';
import { patchStandard } from './controls/patch_standard.ts';
import { reboot } from './controls/reboot.ts';
import { volumeHealth } from './controls/volume_health.ts';

/** Every control, in the order people see them. */
export const controls = [
  hostReporting,
  patchSecurity,
  patchStandard,
  reboot,
  osSupported,
  backup,
  avDefinitions,
  avProtection,
  diskHealth,
  volumeHealth,
] as const satisfies readonly Control[];

export type ControlName = (typeof controls)[number]['name'];

/** Every control a policy can set. */
export const controlNames: readonly ControlName[] = controls.map((control) => control.name);
