import { failuresNow, noise } from './authentication-records.ts';
import { host } from './control.ts';
import type { MetaAlert } from './meta-alerts.ts';
import { recorded } from './records.ts';

/** Alerts about who tries to get in. Of a host whose record cannot be read, the blind collector is told. */
export const authenticationAlerts: readonly MetaAlert[] = [
  {
    name: 'MaintenanceAuthenticationFailureBurst',
    domain: 'protection',
    // A host of which no usual is known yet is judged by the count alone.
    expr: [
      `(${failuresNow} > on (${host}) ${recorded('instance:maintenance_authentication_failures_limit:count')})`,
      `unless on (${host})`,
      `(${failuresNow} <= on (${host}) ${noise})`,
    ].join('\n'),
    for: '15m',
    labels: { severity: 'warning', sla_class: 'standard' },
    summary: 'Many more authentications fail on a host than usual.',
    description:
      '{{ $labels.instance }} ({{ $labels.customer }}): {{ $value | printf "%.0f" }} authentications failed within 30 minutes. First step: `journalctl -t sshd -t sshd-session -t sudo -t su --since -1h` on the host, for who and from where.',
    about: 'host',
  },
];
