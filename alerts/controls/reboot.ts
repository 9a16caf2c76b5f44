import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, host, past, perHost } from '../control.ts';

const required = perHost('max', vector('maintenance_reboot_required'));
// A reason that could not be read is absent: the others alone cannot prove that no reboot is required.
const blind = `(${vector('maintenance_collector_success', { collector: 'reboot' })} == 0)`;
const since = perHost('min', past(vector('maintenance_reboot_required_since_timestamp_seconds')));

// Read back by the template, for reasons come and go while the alert fires.
const reasons =
  '{{ with query (printf "maintenance_reboot_required{customer=%q,instance=%q} == 1" $labels.customer $labels.instance) | sortByLabel "reason" }}, by {{ range $i, $sample := . }}{{ if $i }}, {{ end }}{{ $sample.Labels.reason }}{{ end }}{{ end }}';

/** A reboot that installed updates wait for is done in time. */
export const reboot = {
  name: 'reboot',
  domain: 'updates',
  objects: 'host',
  judges: 'age',
  seen: perHost('group', vector('maintenance_reboot_required')),
  since: firstOf(
    `((${required} == 0) + Inf unless on (${host}) ${blind})`,
    `(${since} and on (${host}) (${required} == 1))`,
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceRebootOverdue',
    summary: 'A host has needed a reboot for longer than the policy allows.',
    finding: `installed updates have been waiting for a reboot for {{ $value | humanizeDuration }}${reasons}`,
    firstStep: 'what the runbook says of the reason, on the host, then agree on a time to reboot it',
  },
} as const satisfies AgeControl;
