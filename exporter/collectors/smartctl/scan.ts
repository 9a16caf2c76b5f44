import { CollectorError } from '../../collector.ts';
import { at, listAt, parseReport, textAt } from './report.ts';

/** A device to ask, with the smartctl device type to use; without a type smartctl finds it out. */
export interface Target {
  readonly device: string;
  readonly type?: string | undefined;
  /** What the scan took it for; empty when unknown. */
  readonly protocol?: string | undefined;
}

/** As the operator would name it: `/dev/bus/0 (megaraid,1)`. */
export function targetName({ device, type }: Target): string {
  return type === undefined ? device : `${device} (${type})`;
}

/**
 * Devices in what `smartctl --json --scan` printed. The type `scsi` is left out: the scan says it of every SATA disk
 * too, and insisting on it hides their attributes (Proxmox reads its disks that way).
 * @throws CollectorError unexpected_output when this is no scan or a device has no name.
 */
export function parseScan(text: string): readonly Target[] {
  const scan = parseReport(text);
  const devices = at(scan, 'devices');
  if (at(scan, 'smartctl') === undefined || (devices !== undefined && !Array.isArray(devices)))
    throw new CollectorError('unexpected_output', 'smartctl --scan printed JSON that is not a device list');
  return listAt(scan, 'devices').map((entry) => {
    const device = textAt(entry, 'name');
    const type = textAt(entry, 'type');
    if (device === undefined || device.startsWith('-'))
      throw new CollectorError('unexpected_output', 'smartctl --scan listed a device without a name');
    return { device, type: type === 'scsi' ? undefined : type, protocol: textAt(entry, 'protocol') };
  });
}

/** Types that address one disk behind a controller; smartctl(8) `--device`. */
const memberTypes = /^(?:sat\+)?(?:megaraid|cciss|3ware|areca|aacraid|hpt|sssraid|ps3stor|jmb39x|jms56x)\b/;

/** Whether the target is a disk behind a RAID controller, so that its device is only the way there. */
export function isMember({ type }: Target): boolean {
  return type !== undefined && memberTypes.test(type);
}

/**
 * What to ask: everything configured, and everything scanned that is not configured already.
 * A configured type wins over the scanned one of the same device.
 */
export function chooseTargets(configured: readonly Target[], scanned: readonly Target[]): readonly Target[] {
  const named = (target: Target) =>
    configured.some(
      (other) =>
        other.device === target.device &&
        (other.type === target.type || (!isMember(other) && !isMember(target))),
    );
  const all = [...configured, ...scanned.filter((target) => !named(target))];
  const seen = new Set<string>();
  return all.filter((target) => {
    const name = targetName(target);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
