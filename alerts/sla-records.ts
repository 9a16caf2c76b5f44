import { agreementAlerts } from './agreement-alerts.ts';
import { firstOf, nested } from './control.ts';
import type { Policy } from './policy.ts';
import { recorded } from './records.ts';
import type { RecordingRule } from './rules.ts';
import { workedUpTo } from './working-time.ts';
import { offset } from './zone-offset.ts';

/** Seconds that every alert with a contract clock is pending before it fires. */
const pending = 900;

const start = 'alert:maintenance_alert_start_timestamp_seconds:firing';
const startWall = 'alert:maintenance_alert_start_wall_clock_seconds:firing';
const worked = 'alert:maintenance_alert_working_seconds:sum';

/**
 * How much of its contract clock each firing alert has used. Nothing is added up: the clock at the start is worked out from
 * the start that Prometheus keeps, so neither a restart nor an evaluation that was missed loses any of it.
 */
export function slaRules(policy: Policy): readonly RecordingRule[] {
  const classes = Object.entries(policy.sla_classes);
  const allTime = classes.flatMap(([name, { clock }]) => (clock === 'around_the_clock' ? [name] : []));
  const inHours = classes.flatMap(([name, { clock }]) => (clock === 'working_hours' ? [name] : []));
  return [
    ...classes.map(([sla_class, { response }]): RecordingRule => ({
      record: 'maintenance:sla_response_limit:seconds',
      expr: `vector(${response})`,
      labels: { sla_class },
    })),
    { record: start, expr: firingSince },
    ...(inHours.length === 0 ? [] : hoursRules(policy, inHours)),
    { record: worked, expr: aroundTheClock(policy, allTime, inHours) },
  ];
}

const counted = `alertname=~"Maintenance.+",alertname!~"${agreementAlerts.map(({ name }) => name).join('|')}",severity=~"critical|warning",sla_class!=""`;

/** The name moves to the label `alert`, for what is recorded is no alert, and one built on it has a name of its own. */
const firingSince = `sum without (alertname) (${nested(
  [
    'label_replace(',
    `  ALERTS_FOR_STATE{${counted}}`,
    '  and ignoring (alertstate)',
    `  ALERTS{alertstate="firing",${counted}},`,
    '  "alert", "$1", "alertname", "(.+)"',
    ')',
  ].join('\n'),
)}) + ${pending}`;

function hoursRules({ customers }: Policy, sla_class: readonly string[]): readonly RecordingRule[] {
  const zones = Map.groupBy(Object.entries(customers), ([, { zone }]) => zone);
  const walls = [...zones].map(([zone, own]) => {
    const since = recorded(start, { sla_class, customer: own.map(([label]) => label) });
    return `(${nested(`${since}\n+ ${offset(zone, since)}`)})`;
  });
  return [
    { record: startWall, expr: firstOf(...walls) },
    ...Object.entries(customers).map(([customer, calendar]): RecordingRule => {
      const labels = { sla_class, customer };
      const before = workedUpTo(calendar, recorded(startWall, labels), recorded(start, labels));
      return {
        record: worked,
        expr: `${recorded('customer:maintenance_working_seconds:total', { customer })}\n- on (customer) group_right ()\n(${nested(before)})`,
        labels: { customer },
      };
    }),
  ];
}

/** All time counts around the clock, and where nobody knows the hours of the customer. */
function aroundTheClock(
  { customers }: Policy,
  allTime: readonly string[],
  inHours: readonly string[],
): string {
  const alternatives = [
    ...(allTime.length === 0 ? [] : [recorded(start, { sla_class: allTime })]),
    ...(inHours.length === 0
      ? []
      : [
          `(${recorded(start, { sla_class: inHours })} unless ${recorded(start, { sla_class: inHours, customer: Object.keys(customers) })})`,
        ]),
  ];
  return `time() - (${nested(firstOf(...alternatives))})`;
}
