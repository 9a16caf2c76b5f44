import { vector } from '../../exporter/metrics.ts';
import { perObject, type StateControl } from '../control.ts';

const object = 'os';
const end = vector('maintenance_os_support_end_timestamp_seconds');

// Read back by the template: the version and the day are no labels of the alert, which an upgrade would start anew. The
// end is the midnight after the last day, so a second before it is that day.
const which =
  '{{ range query (printf "maintenance_os_support_end_timestamp_seconds{customer=%q,instance=%q,os=%q} - 1" $labels.customer $labels.instance $labels.object) }}{{ .Labels.os }} {{ .Labels.version }} ended on {{ .Value | humanizeTimestamp | reReplaceAll " .*" "" }}{{ else }}{{ $labels.object }} have ended{{ end }}';

/** The vendor still makes security updates for the operating system: without them, nothing pending proves nothing. */
export const osSupported = {
  name: 'os_supported',
  domain: 'updates',
  objects: 'host',
  judges: 'state',
  seen: perObject('group', object, end),
  state: perObject('min', object, `${end} > bool time()`),
  hostSourced: true,
  alert: {
    name: 'MaintenanceOsUnsupported',
    summary: 'The vendor makes no security updates for an operating system any more.',
    finding: `security updates for ${which}, so "nothing pending" proves nothing`,
    firstStep:
      '{{ if eq $labels.object "windows" }}`winver`{{ else }}`cat /etc/os-release`{{ end }} on the host, then agree on a date to upgrade it',
  },
} as const satisfies StateControl;
