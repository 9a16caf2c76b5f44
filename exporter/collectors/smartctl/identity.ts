import { numberAt, type Report, textAt } from './report.ts';

/** Who a disk is. Text is empty when the report does not say. */
export interface Identity {
  /** The same at every boot and behind every controller; undefined when the disk gives no usable name. */
  readonly id: string | undefined;
  readonly protocol: string;
  /** `hdd` or `ssd`; empty when unknown. */
  readonly kind: string;
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
}

/**
 * Reads who the disk is. `id` is the WWN as Linux writes it (`naa.5000c500a1b2c3d4`), else the serial number. NVMe disks
 * go by their serial number, which the standard makes mandatory: an EUI-64 names a namespace, and smartctl prints
 * it only for some disks and versions.
 */
export function identityOf(report: Report): Identity {
  const protocol = textAt(report, 'device', 'protocol') ?? '';
  const serial = textAt(report, 'serial_number') ?? '';
  return {
    id: wwn(report) ?? usableSerial(serial),
    protocol,
    kind: kind(report, protocol),
    model:
      textAt(report, 'model_name') ??
      textAt(report, 'scsi_model_name') ??
      textAt(report, 'scsi_product') ??
      textAt(report, 'product') ??
      '',
    serial,
    firmware:
      textAt(report, 'firmware_version') ??
      textAt(report, 'scsi_revision') ??
      textAt(report, 'revision') ??
      '',
  };
}

/** ATA gives the WWN in its three fields, SCSI as the logical unit's designator. Zeros and misfits are no name. */
function wwn(report: Report): string | undefined {
  const naa = numberAt(report, ['wwn', 'naa'], 1, 0xf);
  const oui = numberAt(report, ['wwn', 'oui'], 1, 0xff_ff_ff);
  const id = numberAt(report, ['wwn', 'id'], 0, 2 ** 36 - 1);
  if ([naa, oui, id].every(Number.isInteger)) return `naa.${hex(naa, 1)}${hex(oui, 6)}${hex(id, 9)}`;
  const [, digits] = /^0x([0-9a-f]{8,32})$/i.exec(textAt(report, 'logical_unit_id') ?? '') ?? [];
  return digits === undefined || /^0+$/.test(digits) ? undefined : `naa.${digits.toLowerCase()}`;
}

function hex(value: number | undefined, digits: number): string {
  return (value ?? 0).toString(16).padStart(digits, '0');
}

/** Some bridges and cheap disks fill the field with nothing, zeros or a word. */
function usableSerial(serial: string): string | undefined {
  return /^(?:0*|unknown|none|n\/a|default string)$/i.test(serial) ? undefined : serial;
}

function kind(report: Report, protocol: string): string {
  if (protocol === 'NVMe') return 'ssd';
  const speed = numberAt(report, ['rotation_rate'], 0, 100_000);
  if (speed === undefined) return '';
  return speed === 0 ? 'ssd' : 'hdd';
}
