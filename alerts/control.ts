/** The labels that say which host a series is about; every recorded control series keeps them. */
export const host = 'customer, instance, role';

/** What people are told when a control is out of order. */
export interface ControlAlert {
  readonly name: `Maintenance${string}`;
  /** One sentence without templates. */
  readonly summary: string;
  /** Go template: what and for how long. Where and the limit are added for every alert. */
  readonly finding: string;
  /** Go template: the command or place to look at first. */
  readonly firstStep: string;
}

/**
 * Which alerts are evaluated together, and what they are about: `watching` is the watching itself, `agreements` what was
 * promised to customers and what they granted.
 */
export const domains = [
  'watching',
  'updates',
  'backups',
  'protection',
  'storage',
  'services',
  'agreements',
] as const;
export type Domain = (typeof domains)[number];

/** What a control judges on a host, one by one. */
export const objectKinds = [
  'host',
  'package_manager',
  'backup_job',
  'antivirus',
  'disk',
  'volume',
  'scanner',
  'service',
  'task',
  'certificate',
  'licence',
  'device',
  'file_system',
] as const;

interface ControlBase {
  readonly name: string;
  readonly domain: Domain;
  readonly objects: (typeof objectKinds)[number];
  /** PromQL: one series per object of which any fact is known now, unknown ones and declared ones included. */
  readonly seen: string;
  readonly alert: ControlAlert;
  /** Whether its facts come from the host alone, so that a silent host explains a missing one. */
  readonly hostSourced: boolean;
}

/**
 * Judged by age: `since` is when the object's clock started, unix time; +Inf when nothing is open, -Inf when what must
 * happen never did. No series where it cannot be told.
 */
export interface AgeControl extends ControlBase {
  readonly judges: 'age';
  readonly since: string;
  /** PromQL: objects whose clock may have started when watching began: they are at least as old as they look. */
  readonly atLeast?: string;
  /** For what somebody has to do: its objects on hosts whose role asks for the control, of which no fact may speak. */
  readonly asked?: {
    /** PromQL: every object it must be done for, unknown ones included. */
    readonly objects: string;
    /** PromQL: those of which it is known that it was never done. */
    readonly never: string;
  };
}

/** Judged by a state: `state` is 1 in order, 0 not. No series where it cannot be told. */
export interface StateControl extends ControlBase {
  readonly judges: 'state';
  readonly state: string;
}

/** Judged by the time that is left: `until` is when it ends, unix time; +Inf when it does not. No series where it cannot be told. */
export interface TimeLeftControl extends ControlBase {
  readonly judges: 'time_left';
  readonly until: string;
}

/** One row of alerts/controls.ts: where a control finds its objects, how it judges them and what it tells people. */
export type Control = AgeControl | StateControl | TimeLeftControl;

/** PromQL: one series per host; `group` gives 1. */
export function perHost(aggregation: 'min' | 'max' | 'group', expression: string): string {
  return `${aggregation} by (${host}) (${nested(expression)})`;
}

/** PromQL: one series per host and object; the label that names the object on the facts becomes `object`. */
export function perObject(
  aggregation: 'min' | 'max' | 'sum' | 'group',
  label: string,
  expression: string,
): string {
  const renamed = `label_replace(${nested(`${expression},\n"object", "$1", "${label}", "(.+)"`)})`;
  return `${aggregation} by (${host}, object) (${nested(renamed)})`;
}

/** PromQL: the first without the objects of the second. */
export function without(expression: string, objects: string): string {
  return `((${nested(expression)}) unless on (${host}, object) (${nested(objects)}))`;
}

/**
 * PromQL: the timestamps that are not in the future. A clock that runs ahead would make everything look fresh,
 * so a fact more than 15 minutes ahead of Prometheus is unknown.
 */
export function past(timestamps: string): string {
  return `(${timestamps} <= time() + 900)`;
}

/** PromQL: the first alternative that has the series; each on lines of its own. */
export function firstOf(...alternatives: readonly string[]): string {
  return alternatives.join('\nor\n');
}

/** An expression inside brackets, indented by two. */
export function nested(expression: string): string {
  return `\n${expression.replaceAll(/^/gm, '  ')}\n`;
}
