import { firstOf, host, nested } from '../control.ts';
import { type DiskExporter, diskRules, ownDisks, perDevice } from './disks.ts';
import { call, freshTextfile, type MappingRule, owned } from './mapped.ts';
import { volumeRules } from './volumes.ts';

const fresh = freshTextfile('[^/]*(storcli|perccli|raid)[^/]*');
const now = (expr: string) => `(${nested(expr)})\nand on (customer, instance) ${fresh}`;

/** A drive goes by its place until its serial number is known; enclosures that are none are blank. */
function located(selector: string): string {
  const place = call('label_join', selector, '"device", "/", "controller", "enclosure", "slot"');
  return call('label_replace', place, '"device", "/c$1/e$2/s$3", "device", "([^/]*)/ *([^/]*?) */([^/]*)"');
}

const told = (worse: 'min' | 'max', name: string, match = '') =>
  perDevice(worse, nested(located(`megaraid_pd_${name}{${match === '' ? '' : `${match},`}${owned}}`)));

/** States of drives (storcli reference, "PD LIST"): in use or ready, and out of use. */
const usable = 'state=~"Onln|UGood|GHS|DHS|JBOD|Rbld|CpyBck|Sntze"';
const unusable = 'state=~"UBad|UBUnsp|Offln|Failed|Missing|Msng"';

const renames = [
  '"protocol", "ATA", "interface", "SATA"',
  '"protocol", "SCSI", "interface", "SAS"',
  '"protocol", "NVMe", "interface", "NVMe"',
  '"kind", "hdd", "media", "HDD"',
  '"kind", "ssd", "media", "SSD"',
];

const alerted = told('max', 'smart_alerted');
const predicted = told('max', 'predictive_errors');
const drives = `count by (customer, instance) (megaraid_pd_info{${owned}})`;
const controllers = `max by (customer, instance) (megaraid_controller_info{${owned}})`;

const exporter: DiskExporter = {
  name: 'storcli',
  devices: located(`megaraid_pd_info{${owned}}`),
  described: (devices) => renames.reduce((expr, rename) => call('label_replace', expr, rename), devices),
  readable: now(`${alerted} * 0 + 1`),
  facts: [
    {
      record: 'maintenance_disk_smart_healthy',
      worse: 'min',
      // The alert is the drive's own; a drive the controller no longer uses is no good either way.
      expr: now(
        firstOf(
          `(${told('max', 'info', unusable)} * 0)`,
          `(${alerted} > 0) * 0`,
          `(${predicted} > 0) * 0`,
          `(${alerted} == 0) + 1\nand ${told('max', 'info', usable)}`,
        ),
      ),
    },
    {
      record: 'maintenance_disk_temperature_celsius',
      worse: 'max',
      expr: now(`${told('max', 'temp_celsius')} != 0`),
    },
    { record: 'maintenance_disk_media_errors_total', worse: 'max', expr: now(told('max', 'media_errors')) },
  ],
  answers: controllers,
  complete: `(${nested(
    now(
      `${drives}\n>= on (customer, instance)\nsum by (customer, instance) (max by (customer, instance, controller) (megaraid_physical_drives{${owned}}))`,
    ),
  )})`,
  yieldsTo: [
    ownDisks,
    'on (customer, instance) present_over_time(maintenance_disk_info{exporter=~"smartctl_exporter|smartmon",device=~".*megaraid.*"}[1d])',
    'on (customer, instance, disk) present_over_time(maintenance_disk_info{exporter=~"smartctl_exporter|smartmon|nvme_metrics"}[1d])',
  ],
};

/** Virtual drives go by controller and number. */
function volume(selector: string): string {
  const place = call('label_join', selector, '"volume", "/v", "controller", "VG"');
  return call('label_replace', place, '"volume", "/c$1", "volume", "(.+)"');
}

const drive = (match: string) =>
  `group by (${host}, volume) (${nested(volume(`megaraid_vd_info{${match}${owned}}`))})`;

/** Drives and volumes behind MegaRAID that storcli.py reads, from a textfile whose name has `storcli`, `perccli` or `raid` in it. */
export const storcli: readonly MappingRule[] = [
  ...diskRules(exporter),
  ...volumeRules({
    exporter: 'storcli',
    kind: 'megaraid',
    info: call('label_replace', volume(`megaraid_vd_info{${owned}}`), '"level", "$1", "type", "(.+)"'),
    complete: now(controllers),
    facts: [
      {
        record: 'maintenance_volume_healthy',
        expr: now(
          firstOf(drive('state="Optl",'), `${drive('state=~"Dgrd|Pdgd|OfLn|Offln|Failed|Msng|Rbld",')} * 0`),
        ),
      },
      {
        record: 'maintenance_volume_operational',
        expr: now(
          firstOf(drive('state=~"Optl|Dgrd|Pdgd|Rbld",'), `${drive('state=~"OfLn|Offln|Failed|Msng",')} * 0`),
        ),
      },
      // Of a degraded one the drives that are missing are not listed: their number is unknown.
      { record: 'maintenance_volume_degraded_members', expr: now(`${drive('state="Optl",')} * 0`) },
    ],
  }),
];
