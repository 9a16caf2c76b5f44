import type { Problem, Reason } from '../../collector.ts';
import { factsOf, type Facts, lacksSmart, tellsHealth } from './facts.ts';
import { identityOf, type Identity } from './identity.ts';
import { flagAt, listAt, numberAt, type Report, textAt } from './report.ts';
import { type Target, targetName } from './scan.ts';

/** What a device said when it was asked. */
export type Answer = { readonly target: Target; readonly identity: Identity } & (
  | { readonly state: 'readable'; readonly facts: Facts; readonly report: Report }
  /** Left alone because it sleeps: neither failed nor unreadable. */
  | { readonly state: 'asleep' }
  | { readonly state: 'unreadable'; readonly problem: Problem }
  /** Not there at all. */
  | { readonly state: 'absent'; readonly problem: Problem }
  /** The volume a RAID controller shows; its disks answer for themselves. */
  | { readonly state: 'volume'; readonly problem: Problem }
  /** A tape, an optical drive or an enclosure. */
  | { readonly state: 'no_disk' }
);

/** SCSI peripheral device types that are certainly no disk: tape, printer, processor, optical, changer, RAID controller, enclosure (SPC-5 table 147). */
const noDisk = [1, 2, 3, 5, 8, 12, 13];

/**
 * Sorts what smartctl reported of one device.
 * @param exitCode of the process, for reports without their own `exit_status`.
 * @param now unix time.
 */
export function judgeAnswer(target: Target, report: Report, exitCode: number, now: number): Answer {
  const exitStatus = numberAt(report, ['smartctl', 'exit_status'], 0, 255) ?? exitCode;
  const identity = identityOf(report);
  const answer = { target, identity };
  if (noDisk.includes(numberAt(report, ['device_type', 'scsi_value'], 0, 31) ?? 0))
    return { ...answer, state: 'no_disk' };
  const facts = factsOf(report, exitStatus, now);
  if (tellsHealth(facts)) return { ...answer, state: 'readable', facts, report };
  const messages = messagesOf(report);
  if (isAsleep(report, exitStatus, messages)) return { ...answer, state: 'asleep' };
  const said = messages.map(({ text }) => text).join('; ');
  if (/try adding '-d \w+,/.test(said))
    return { ...answer, state: 'volume', problem: problem('device_unreadable', target, said, volumeAdvice) };
  if (/no such (?:device|file)/i.test(said))
    return { ...answer, state: 'absent', problem: problem('source_missing', target, said, absentAdvice) };
  return { ...answer, state: 'unreadable', problem: explain(target, report, exitStatus, said) };
}

/** A device that could not be asked at all. */
export function unanswered(target: Target, reason: Reason, message: string): Answer {
  const identity = { id: undefined, protocol: '', kind: '', model: '', serial: '', firmware: '' };
  return { target, identity, state: 'unreadable', problem: problem(reason, target, message, '') };
}

/**
 * `--nocheck=standby,3` makes a sleeping disk exit 3, which no failure of its own does; before 7.1 that is all the
 * JSON says, later there is a message and from 7.5 on `power_mode` (smartmontools ataprint.cpp).
 */
function isAsleep(report: Report, exitStatus: number, messages: readonly Message[]): boolean {
  return (
    messages.some(({ text }) => /^Device is in .+ mode, exit\(\d+\)/.test(text)) ||
    /^(?:standby|sleep)/i.test(textAt(report, 'power_mode', 'name') ?? '') ||
    (exitStatus === 3 && !messages.some(({ severity }) => severity === 'error'))
  );
}

interface Message {
  readonly text: string;
  readonly severity: string;
}

function messagesOf(report: Report): readonly Message[] {
  return listAt(report, 'smartctl', 'messages').flatMap((message) => {
    const text = textAt(message, 'string');
    return text === undefined ? [] : [{ text, severity: textAt(message, 'severity') ?? '' }];
  });
}

const rightsAdvice = 'run smartctl as root or with CAP_SYS_RAWIO and CAP_SYS_ADMIN';
const volumeAdvice =
  'this is a RAID volume; name the disks behind it under collectors.smartctl.devices, with their type';
const absentAdvice =
  'correct or remove it under collectors.smartctl.devices, or let the service see /dev (no PrivateDevices)';

function explain(target: Target, report: Report, exitStatus: number, said: string): Problem {
  if (/permission denied|operation not permitted/i.test(said))
    return problem('permission_denied', target, said, rightsAdvice);
  if (/unable to detect device type/i.test(said))
    return problem('device_unreadable', target, said, 'set its type, or exclude it if it is no disk');
  if (said !== '')
    return problem('device_unreadable', target, said, 'check the disk, its cable and its type');
  // Without CAP_SYS_RAWIO a SATA disk answers as a bare SCSI device of the vendor "ATA".
  if ((textAt(report, 'scsi_vendor') ?? textAt(report, 'vendor')) === 'ATA')
    return problem('device_unreadable', target, 'a SATA disk that answered only as SCSI', rightsAdvice);
  if (lacksSmart(report)) {
    const advice = 'exclude it if it is a virtual disk, RAID volume or USB stick; else it needs another type';
    return problem('unsupported', target, 'says that it has no SMART', advice);
  }
  if (flagAt(report, 'smart_support', 'enabled') === false)
    return problem('device_unreadable', target, 'SMART is switched off', 'run smartctl --smart=on on it');
  const gave = `gave no health data (smartctl exit status ${exitStatus})`;
  return problem('device_unreadable', target, gave, `${rightsAdvice}, or set its type`);
}

function problem(reason: Reason, target: Target, what: string, advice: string): Problem {
  return {
    reason,
    message: `${targetName(target)}: ${what.replace(`${target.device}: `, '').slice(0, 300)}${advice === '' ? '' : `; ${advice}`}`,
  };
}
