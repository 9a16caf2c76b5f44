import { type Control, type Domain, domains, nested } from './control.ts';
import { controls, type ControlName } from './controls.ts';
import { type MetaAlert, metaAlerts } from './meta-alerts.ts';
import type { Policy } from './policy.ts';
import { promiseText } from './policy/sla_classes.ts';
import { recorded } from './records.ts';
import { type AlertingRule, type RuleFile, ruleGroup } from './rules.ts';
import { reportAlerts } from './report-alerts.ts';
import { watchingAlerts } from './watching-alerts.ts';

/** The rule group that evaluates the alerts of a domain. */
export function alertGroup(domain: Domain): string {
  return domain === 'watching' ? 'maintenance-alerts' : `maintenance-alerts-${domain}`;
}

/** The names of all of them; each records a heartbeat. */
export const alertGroups: readonly string[] = domains.map(alertGroup);

/** Every alert: one per control, then those that no policy limits; a group per domain, which keeps each of them small. */
export function alertRules(policy: Policy): RuleFile {
  const others = [...metaAlerts, ...watchingAlerts(policy), ...reportAlerts(policy)];
  return {
    groups: domains.map((domain) => {
      const rules = [
        ...controls.filter((one) => one.domain === domain).map((one) => controlAlert(one, policy)),
        ...others.filter((one) => one.domain === domain).map((one) => metaAlert(one, policy)),
      ];
      return ruleGroup(alertGroup(domain), policy.evaluation_interval, rules);
    }),
  };
}

function controlAlert(control: Control & { readonly name: ControlName }, policy: Policy): AlertingRule {
  const { severity, sla_class, owner } = policy.controls[control.name];
  const { alert, name } = control;
  const toldOf = `${outOfOrder(control)}\nunless\n${recorded('object:maintenance_control_excepted:bool', { control: name })}`;
  return {
    alert: alert.name,
    expr: name === 'tasks' ? withOwner(toldOf) : toldOf,
    for: '15m',
    // A host that comes and goes is one incident. The others need no hold: the records they read survive a silent exporter.
    ...(name === 'host_reporting' ? { keep_firing_for: '15m' } : {}),
    labels: { severity, sla_class, control: name },
    annotations: {
      summary: alert.summary,
      description: `${control.objects === 'task' ? '{{ $labels.customer }}' : '{{ $labels.instance }} ({{ $labels.customer }})'}: ${alert.finding}${allowed(control)}. First step: ${alert.firstStep}.`,
      ...(owner === undefined ? {} : { owner }),
      respond_within: respondWithin(policy.sla_classes[sla_class]),
      ...links(alert.name, control.objects === 'task' ? 'fleet' : 'host', policy),
    },
  };
}

function respondWithin({ response, clock }: Policy['sla_classes']['urgent']): string {
  return clock === 'working_hours' ? `${promiseText(response)} of working hours` : promiseText(response);
}

/** Age and state are what was last known, so an exporter that dies leaves the alert as it was for a day. */
function outOfOrder({ name, judges }: Control & { readonly name: ControlName }): string {
  const control = { control: name };
  // A host that left the targets has no state at all; it is expected and unknown for a day, which is out of order too.
  if (name === 'host_reporting') {
    return `${recorded('object:maintenance_control_compliant:bool', control)} == 0`;
  }
  if (judges === 'state') return `${recorded('object:maintenance_control_state:last', control)} == 0`;
  const limit = recorded('object:maintenance_control_limit_seconds:effective', control);
  if (judges === 'time_left')
    return `${recorded('object:maintenance_control_left_seconds:last', control)}\n<\n${limit}`;
  const age = recorded('object:maintenance_control_age_seconds:last', control);
  return `${age}\n>\n${limit}`;
}

/** Tasks have an owner each, exceptions have none: they are taken off before the label is there. */
function withOwner(expression: string): string {
  return `(${nested(expression)})\n* on (object) group_left (owner)\n${recorded('maintenance:task:info')}`;
}

/** The limit that applied, read back by the template: a label would start the alert anew whenever the policy changes. */
function allowed({ judges }: Control): string {
  if (judges === 'state') return '';
  const selector = `object:maintenance_control_limit_seconds:effective{control=%q,customer=%q,instance=%q,role=%q,object=%q}`;
  const values = ['control', 'customer', 'instance', 'role', 'object'].map((label) => `$labels.${label}`);
  return `{{ range query (printf "${selector.replaceAll('"', String.raw`\"`)}" ${values.join(' ')}) }} (${judges === 'age' ? 'allowed' : 'wanted'}: {{ .Value | humanizeDuration }}){{ end }}`;
}

function metaAlert({ name, expr, ...rest }: MetaAlert, policy: Policy): AlertingRule {
  return {
    alert: name,
    expr: rest.object === undefined ? expr : objectNamed(expr, rest.object),
    ...(rest.for === undefined ? {} : { for: rest.for }),
    ...(rest.keepFiringFor === undefined ? {} : { keep_firing_for: rest.keepFiringFor }),
    labels: rest.labels,
    annotations: {
      summary: rest.summary,
      description: rest.description,
      ...('sla_class' in rest.labels
        ? { respond_within: respondWithin(policy.sla_classes[rest.labels.sla_class]) }
        : {}),
      ...links(name, rest.about, policy),
    },
  };
}

/** Alerts about the same object meet in `object`, however the facts call it. */
function objectNamed(expression: string, label: string): string {
  return `label_replace(${nested(`${expression},\n"object", "$1", "${label}", "(.+)"`)})`;
}

function links(alert: string, about: 'host' | 'fleet', policy: Policy): Readonly<Record<string, string>> {
  const boards = policy.links.dashboards.replace(/\/$/, '');
  const host =
    'var-customer={{ $labels.customer | urlquery }}&var-instance={{ $labels.instance | urlquery }}';
  return {
    runbook_url: `${policy.links.runbooks.replace(/\/$/, '')}/${alert}.md`,
    dashboard_url:
      about === 'host' ? `${boards}/d/maintenance-host?${host}` : `${boards}/d/maintenance-overview`,
  };
}
