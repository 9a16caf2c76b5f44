import type { Control } from './control.ts';
import { avDefinitions } from './controls/av_definitions.ts';
import { avProtection } from './controls/av_protection.ts';
import { backup } from './controls/backup.ts';
import { backupCheck } from './controls/backup_check.ts';
import { backupCheckData } from './controls/backup_check_data.ts';
import { capacity } from './controls/capacity.ts';
import { certificate } from './controls/certificate.ts';
import { diskHealth } from './controls/disk_health.ts';
import { diskSelfTest } from './controls/disk_self_test.ts';
import { hostReporting } from './controls/host_reporting.ts';
import { licence } from './controls/licence.ts';
import { osSupported } from './controls/os_supported.ts';
import { patchAutomation } from './controls/patch_automation.ts';
import { patchDeployment } from './controls/patch_deployment.ts';
import { patchFirmware } from './controls/patch_firmware.ts';
import { patchMetadata } from './controls/patch_metadata.ts';
import { patchSecurity } from './controls/patch_security.ts';
import { patchSlip } from './controls/patch_slip.ts';
import { patchStandard } from './controls/patch_standard.ts';
import { reboot } from './controls/reboot.ts';
import { serviceSlo } from './controls/service_slo.ts';
import { tasks } from './controls/tasks.ts';
import { volumeHealth } from './controls/volume_health.ts';
import { restoreTest } from './controls/restore_test.ts';
import { warranty } from './controls/warranty.ts';
import { vulnerabilityCritical } from './controls/vulnerability_critical.ts';
import { vulnerabilityHigh } from './controls/vulnerability_high.ts';
import { vulnerabilityScan } from './controls/vulnerability_scan.ts';

/** Every control, in the order people see them. */
export const controls = [
  hostReporting,
  patchSecurity,
  patchStandard,
  patchFirmware,
  patchSlip,
  patchMetadata,
  patchAutomation,
  patchDeployment,
  reboot,
  osSupported,
  vulnerabilityCritical,
  vulnerabilityHigh,
  vulnerabilityScan,
  backup,
  backupCheck,
  backupCheckData,
  restoreTest,
  avDefinitions,
  avProtection,
  diskHealth,
  diskSelfTest,
  volumeHealth,
  capacity,
  serviceSlo,
  tasks,
  certificate,
  licence,
  warranty,
] as const satisfies readonly Control[];

export type ControlName = (typeof controls)[number]['name'];

/** Every control a policy can set. */
export const controlNames: readonly ControlName[] = controls.map((control) => control.name);
