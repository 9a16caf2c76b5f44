import { type ForeignSample, foreignSample } from '../../../foreign.ts';
import type { Report } from '../report.ts';
import { rawText, trimmed } from './text.ts';

/** Who the disk is. Family, model and product id are `unknown` where the report has none, all others are empty. */
export function identitySamples(report: Report, device: string): readonly ForeignSample[] {
  const model = (rawText(report, 'model_name') ?? rawText(report, 'scsi_model_name') ?? '').trim();
  const text = (...path: readonly string[]) => rawText(report, ...path) ?? '';
  const labels = {
    device,
    interface: trimmed(report, 'device', 'type'),
    protocol: trimmed(report, 'device', 'protocol'),
    model_family: (rawText(report, 'model_family') ?? 'unknown').trim(),
    model_name: model === '' ? 'unknown' : model,
    serial_number: trimmed(report, 'serial_number'),
    ata_additional_product_id: rawText(report, 'ata_additional_product_id') ?? 'unknown',
    firmware_version: text('firmware_version'),
    ata_version: text('ata_version', 'string'),
    sata_version: text('sata_version', 'string'),
    form_factor: text('form_factor', 'name'),
    scsi_vendor: text('scsi_vendor'),
    scsi_product: text('scsi_product'),
    scsi_revision: text('scsi_revision'),
    scsi_version: text('scsi_version'),
  };
  return foreignSample('smartctl_device', labels, 1);
}
