import type { MetricName } from '../../exporter/metrics.ts';
import { host, nested } from '../control.ts';
import { call, type MappingRule } from './mapped.ts';

/** A disk as the other exporter addresses it: `sda` today may be another one than `sda` tomorrow. */
export const byDevice = `${host}, device`;

/** Serial numbers that name nothing; some bridges and RAID controllers fill the field with them. */
const noSerial = '(?i:[0 ]*|unknown|none|n/a|default string)';

/** What another exporter says of disks. Every expression has the labels of `byDevice`; those of a fact no others. */
export interface DiskExporter {
  readonly name: string;
  /** Every device there is, with the label serial. */
  readonly devices: string;
  /** PromQL: the same with the labels model, firmware, protocol and kind as well, as far as they are known. */
  readonly described: (devices: string) => string;
  /** 1 for each device whose health was read now. */
  readonly readable: string;
  readonly facts: readonly DiskFact[];
  /** Per customer and instance: the exporter answers now. */
  readonly answers: string;
  /** Per customer and instance: it answers, and shows every device it found. A disk that was there before and is not shown is gone. */
  readonly complete: string;
  /** `unless` clauses: disks that somebody else tells better. */
  readonly yieldsTo: readonly string[];
}

interface DiskFact {
  readonly record: MetricName;
  /** Which of two values counts where two devices are one disk: the worse one. */
  readonly worse: 'min' | 'max';
  readonly expr: string;
}

/** Our own exporter on the same host, also while it is down: its disks go by other names. */
export const ownDisks = 'on (customer, instance) present_over_time(maintenance_disk_info{exporter=""}[1d])';

/** PromQL: one value per device. */
export function perDevice(worse: 'min' | 'max' | 'group', vector: string): string {
  return `${worse} by (${byDevice}) (${vector})`;
}

/**
 * Facts of disks as rules. A disk goes by its serial number, else by its device, so that its history survives a new device
 * name. Two devices with one serial number are one disk; its worst value counts. What vanished is remembered for a week: gone when the
 * exporter shows all it found, else unreadable.
 */
export function diskRules(exporter: DiskExporter): readonly MappingRule[] {
  const { name, readable, facts, answers, complete, yieldsTo } = exporter;
  const labels = { exporter: name };
  const yielding = (expr: string) =>
    yieldsTo.reduce((rest, other) => `(${nested(rest)})\nunless ${other}`, expr);
  const devices = call('label_replace', exporter.devices, `"serial", "", "serial", "${noSerial}"`);
  const every = perDevice('group', nested(exporter.devices));
  const serials = `topk by (${byDevice}) (1, group by (${byDevice}, serial) (${nested(devices)}))`;
  const there = perDisk('max', every, serials);
  const described = `group by (${byDevice}, serial, model, firmware, protocol, kind) (${nested(exporter.described(devices))})`;
  const one = withDisk(`topk by (${byDevice}) (${nested(`1,\n${described}`)})`);
  const remembered = `present_over_time(maintenance_disk_info{exporter="${name}"}[1w])`;
  const missing = `(group by (${host}, disk) (${remembered}) unless ${there}) * 0`;
  const rules: readonly Omit<MappingRule, 'labels'>[] = [
    { record: 'maintenance_disk_info', expr: `topk by (${host}, disk) (${nested(`1,\n${one}`)})` },
    {
      record: 'maintenance_disk_present',
      expr: `${there}\nor\n(${nested(`${missing}\nand on (customer, instance) ${complete}`)})`,
    },
    {
      record: 'maintenance_disk_readable',
      expr: `${perDisk('max', `${readable}\nor\n${every} * 0`, serials)}\nor\n(${nested(
        `(${missing} and on (customer, instance) ${answers})\nunless on (customer, instance) ${complete}`,
      )})`,
    },
    ...facts.map(({ record, worse, expr }) => ({ record, expr: perDisk(worse, expr, serials) })),
  ];
  return rules.map(({ record, expr }) => ({ record, expr: yielding(expr), labels }));
}

/** A device without usable serial number, or that is not among the devices, stands for itself. */
function perDisk(worse: 'min' | 'max', expr: string, serials: string): string {
  const joined = `(${nested(expr)})\n* on (${byDevice}) group_left (serial) ${serials}\nor on (${byDevice})\n(${nested(expr)})`;
  return `${worse} by (${host}, disk) (${nested(withDisk(joined))})`;
}

function withDisk(expr: string): string {
  const device = call('label_replace', expr, '"disk", "$1", "device", "(.+)"');
  return call('label_replace', device, '"disk", "$1", "serial", "(.+)"');
}
