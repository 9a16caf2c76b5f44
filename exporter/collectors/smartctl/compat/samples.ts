import { foreignMetrics, type ForeignSample, foreignSample } from '../../../foreign.ts';
import { listAt, type Report } from '../report.ts';
import { isMember, type Target } from '../scan.ts';
import { ataSamples } from './ata.ts';
import { commonSamples } from './common.ts';
import { identitySamples } from './identity.ts';
import { nvmeSamples } from './nvme.ts';
import { scsiSamples } from './scsi.ts';
import { deviceLabel, rawText, trimmed } from './text.ts';

/**
 * What smartctl_exporter 0.14 serves of the disk a report is about: its names, labels and values (its smartctl.go).
 * It serves 0 for what a report does not say; here only for sizes, which its dashboards count on and nobody judges. A health
 * value that is not in the report has no series. What the original shows by device type (`nvme`, `scsi`) is here shown by
 * protocol, so that NVMe behind USB and SAS behind a controller have it too.
 * @param target how the disk was asked: smartctl calls every disk behind a Smart Array `cciss`, and the original fails on two of them.
 */
export function compatSamples(report: Report, target?: Target): readonly ForeignSample[] {
  const name = trimmed(report, 'device', 'name');
  if (name === '') return [];
  const type = trimmed(report, 'device', 'type');
  const protocol = trimmed(report, 'device', 'protocol');
  const device = deviceLabel(name, type.includes(',') ? type : memberType(target));
  return unique([
    ...identitySamples(report, device),
    ...commonSamples(report, device),
    ...ataSamples(report, device),
    ...(protocol === 'NVMe' || type === 'nvme' ? nvmeSamples(report, device) : []),
    ...(protocol === 'SCSI' || type === 'scsi' ? scsiSamples(report, device) : []),
  ]);
}

function memberType(target: Target | undefined): string {
  return target !== undefined && isMember(target) ? (target.type ?? '') : '';
}

/** A table that names an attribute twice made the original fail as a whole (smartctl_exporter issue 298). */
function unique(samples: readonly ForeignSample[]): readonly ForeignSample[] {
  const byKey = new Map<string, ForeignSample>();
  for (const sample of samples) {
    const { labels } = foreignMetrics[sample.name];
    const key = JSON.stringify([sample.name, ...labels.map((label) => sample.labels[label])]);
    if (!byKey.has(key)) byKey.set(key, sample);
  }
  return [...byKey.values()];
}

/** Disks that would share a `device` label would be one to every join: the first is served, the others are not mixed into it. */
export function withoutClashes(disks: readonly (readonly ForeignSample[])[]): readonly ForeignSample[] {
  const byDevice = new Map<string | undefined, readonly ForeignSample[]>();
  for (const samples of disks) {
    const device = samples[0]?.labels['device'];
    if (!byDevice.has(device)) byDevice.set(device, samples);
  }
  return [...byDevice.values()].flat();
}

/**
 * What is served once per host.
 * @param report of any disk: all are of one smartctl.
 * @param devices how many were found, those that cannot be read included; undefined when the search failed or found none, which is reported as a problem and not as 0.
 */
export function compatHostSamples(
  report: Report | undefined,
  devices: number | undefined,
): readonly ForeignSample[] {
  const version = (...path: readonly string[]) =>
    listAt(report, ...path)
      .slice(0, 2)
      .join('.');
  const labels = {
    json_format_version: version('json_format_version'),
    smartctl_version: version('smartctl', 'version'),
    svn_revision: rawText(report, 'smartctl', 'svn_revision') ?? '',
    build_info: rawText(report, 'smartctl', 'build_info') ?? '',
  };
  const known = labels.json_format_version !== '' && labels.smartctl_version !== '';
  return [
    ...foreignSample('smartctl_version', labels, known ? 1 : undefined),
    ...foreignSample('smartctl_devices', {}, devices),
  ];
}
