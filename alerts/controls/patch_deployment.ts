import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, past, perHost } from '../control.ts';

const last = perHost(
  'max',
  past(vector('maintenance_patch_last_deployment_timestamp_seconds', { outcome: 'success' })),
);
const successes = vector('maintenance_patch_deployments_total', { outcome: 'success' });

/**
 * Updates were installed on the host lately, by any of its package managers: the round reaches it. One that waits for its
 * reboot has not succeeded yet.
 */
export const patchDeployment = {
  name: 'patch_deployment',
  domain: 'updates',
  objects: 'host',
  judges: 'age',
  seen: perHost('group', vector('maintenance_patch_deployments_total')),
  since: firstOf(last, `(${perHost('max', successes)} == 0) - Inf`),
  hostSourced: true,
  alert: {
    name: 'MaintenancePatchDeploymentOverdue',
    summary: 'No update was installed for longer than the policy allows.',
    finding:
      '{{ if gt $value 1e12 }}no successful installation of updates is on record{{ else }}updates were last installed with success {{ $value | humanizeDuration }} ago{{ end }}',
    firstStep: '`maintenance-exporter evidence --kind patch_deployment` on the host',
  },
} as const satisfies AgeControl;
