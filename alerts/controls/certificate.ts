import { firstOf, host, nested, type TimeLeftControl } from '../control.ts';
import { recorded } from '../records.ts';

const name = 'certificate';
/** Of a group of its own, which may be an interval ahead. */
const ofGroup = (selector: string): string => `last_over_time(${selector}[5m])`;
const promised = ofGroup(recorded('object:maintenance_service_promised:ratio'));
const ofServices = ofGroup(recorded('object:maintenance_service_certificate_expiry_timestamp_seconds:now'));
/** Targets that belong to a customer and are no service of the policy: their address is the object. */
const addressed = `label_replace(${nested('probe_ssl_earliest_cert_expiry{customer!=""} > 0,\n"object", "$1", "instance", "(.+)"')})`;
/** Before the group of services was evaluated to its end, all addresses would look like others. */
const servicesKnown = `(count_over_time(${recorded('maintenance:evaluation_timestamp_seconds', { rule_group: 'maintenance-services' })}[1h]) > 1)`;
const ofOthers = `((min by (${host}, object) (${addressed}) unless on (customer, instance) ${promised}) and on () ${servicesKnown})`;
const now = firstOf(ofServices, ofOthers);

/**
 * With an expired certificate the connection fails, and blackbox_exporter says nothing of the certificate any more (prober/http.go
 * sets it from the answer): as long as the probe fails, what is past stays past.
 */
const failing = [
  '(',
  '  (min by (customer, instance) (probe_success{customer!=""}) == 0)',
  '  or',
  `  (min by (customer, instance) (${ofGroup(recorded('object:maintenance_service_up:bool'))}) == 0)`,
  ')',
].join('\n');
const lastTold = `max by (${host}, object) (last_over_time(${recorded('object:maintenance_control_until_timestamp_seconds:now', { control: name })}[1d]))`;
const expired = `((${lastTold} <= time()) and on (customer, instance) ${failing})`;

/** The certificate that ends first of those a service or address shows lasts longer than the limit. */
export const certificate = {
  name,
  domain: 'services',
  objects: 'certificate',
  judges: 'time_left',
  // A service under https has one, seen or not.
  seen: firstOf(
    `group by (${host}, object) (${nested(firstOf(now, expired))})`,
    `group by (${host}, object) (last_over_time(object:maintenance_service_promised:ratio{instance=~"https://.+"}[5m]))`,
  ),
  until: firstOf(now, expired),
  hostSourced: false,
  alert: {
    name: 'MaintenanceCertificateExpiring',
    summary: 'A certificate ends soon, or has ended.',
    finding:
      'the certificate of {{ $labels.object }} {{ if lt $value 0.0 }}has ended{{ else }}ends in {{ $value | humanizeDuration }}{{ end }}',
    firstStep:
      'renew it, and find out why nothing renewed it by itself (`certbot renew --dry-run` on its host)',
  },
} as const satisfies TimeLeftControl;
