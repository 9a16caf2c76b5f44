import { vector } from '../../exporter/metrics.ts';
import { perObject, type StateControl } from '../control.ts';

const enabled = perObject('min', 'manager', vector('maintenance_patch_automation_enabled'));

/** Updates are installed without anybody asking. */
export const patchAutomation = {
  name: 'patch_automation',
  domain: 'updates',
  objects: 'package_manager',
  judges: 'state',
  seen: perObject('group', 'manager', vector('maintenance_patch_automation_enabled')),
  state: enabled,
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchAutomationOff',
    summary: 'Automatic updates are switched off.',
    finding: '{{ $labels.object }} installs nothing unless somebody asks',
    firstStep:
      '{{ if eq $labels.object "apt" }}`systemctl status apt-daily-upgrade.timer`{{ else }}look at the automatic updates of {{ $labels.object }}{{ end }} on the host',
  },
} as const satisfies StateControl;
