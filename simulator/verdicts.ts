import type { ControlName, Policy } from '../alerts/policy.ts';
import { backup, proven } from './backup-findings.ts';
import { diskHealth, diskSelfTest, volumeHealth } from './disk-findings.ts';
import { type Finding, seen } from './findings.ts';
import {
  osSupported,
  patchAutomation,
  patchDeployment,
  patches,
  patchFirmware,
  patchMetadata,
  reboot,
} from './patch-findings.ts';
import { type PlayedControl, playedControls } from './played.ts';
import { stepAt, valueAt } from './track.ts';
import { vulnerabilities, vulnerabilityScan } from './vulnerability-findings.ts';
import { type Life, remembered } from './world.ts';

/** What a control says of one object at one instant, from what happened (never from a metric). */
export interface Verdict {
  readonly control: PlayedControl;
  /** Empty where the host itself is judged, or where the host should have the control and shows nothing. */
  readonly object: string;
  readonly known: boolean;
  readonly compliant: boolean;
  /** Whether it was out of order when it was last known, within a day: a silent exporter resolves nothing. */
  readonly overdue: boolean;
  /** Seconds, as last known within a day: 0 when nothing is open, Infinity when what must happen never did. */
  readonly age: number | undefined;
  /** Seconds; undefined for controls that are a state. */
  readonly limit: number | undefined;
}

/** Every verdict on a host; none before it joined, and none a day after it left. */
export function verdicts(life: Life, instant: number, policy: Policy): readonly Verdict[] {
  return playedControls.flatMap((control) => verdictsOf(control, life, instant, policy));
}

/** The verdicts of one control on a host; none before it joined. */
export function verdictsOf(
  control: PlayedControl,
  life: Life,
  instant: number,
  policy: Policy,
): readonly Verdict[] {
  if (stepAt(life.up, instant) === undefined || instant >= life.host.left + remembered) return [];
  const expected = policy.roles[life.host.role] ?? policy.roles['default'] ?? [];
  const asked = expected.includes(control);
  const found = findings[control](life, instant, asked);
  if (found.length === 0 && asked) found.push(nothing);
  return found.map(({ object, known, age, state }) => {
    const limit = limitOf(policy, control, life, object, instant);
    const late = age !== undefined && limit !== undefined && age > limit;
    const overdue = late || state === false;
    return { control, object, known, compliant: known && !overdue, overdue, age, limit };
  });
}

/** The host should have it and shows nothing. */
const nothing: Finding = { object: '', known: false };

/** `asked`: whether the role of the host asks for the control. */
const findings: Readonly<Record<PlayedControl, (life: Life, instant: number, asked: boolean) => Finding[]>> =
  {
    host_reporting: hostReporting,
    patch_security: (life, instant) => patches(life, 'security', instant),
    patch_standard: (life, instant) => patches(life, 'standard', instant),
    patch_firmware: patchFirmware,
    patch_slip: (life, instant) => [...patches(life, 'any', instant), ...patchFirmware(life, instant)],
    patch_metadata: patchMetadata,
    patch_automation: patchAutomation,
    patch_deployment: patchDeployment,
    reboot,
    os_supported: osSupported,
    vulnerability_critical: (life, instant) => vulnerabilities(life, 'critical', instant),
    vulnerability_high: (life, instant) => vulnerabilities(life, 'important', instant),
    vulnerability_scan: vulnerabilityScan,
    backup,
    backup_check: (life, instant, asked) => proven(life, instant, asked, 'check'),
    backup_check_data: (life, instant, asked) => proven(life, instant, asked, 'data'),
    restore_test: (life, instant, asked) => proven(life, instant, asked, 'restore'),
    av_definitions: avDefinitions,
    av_protection: avProtection,
    disk_health: diskHealth,
    disk_self_test: diskSelfTest,
    volume_health: volumeHealth,
  };

function hostReporting(life: Life, instant: number): Finding[] {
  return [{ object: '', known: instant < life.host.left, state: valueAt(life.up, instant) === true }];
}

/** Those the agent works with; of one that does not run, those on disk. */
function avDefinitions(life: Life, instant: number): Finding[] {
  return seen(life, 'clamav', instant, (at) => {
    const state = valueAt(life.antivirus, at);
    return [{ object: 'clamav', age: state && instant - (state.running ? state.loaded : state.onDisk) }];
  });
}

function avProtection(life: Life, instant: number): Finding[] {
  return seen(life, 'clamav', instant, (at) => [
    { object: 'clamav', state: valueAt(life.antivirus, at)?.running === true },
  ]);
}

/** The limit of the rules loaded then: of the first override that fits, else the default. */
function limitOf(
  policy: Policy,
  control: ControlName,
  { host, limits }: Life,
  object: string,
  instant: number,
): number | undefined {
  const { limit, overrides } = policy.controls[control];
  const { customer, role, instance } = host;
  const own: Readonly<Record<string, string>> = { customer, role, instance, object };
  const fits = overrides.find(({ match }) =>
    Object.entries(match).every(([label, wanted]) => [wanted].flat().includes(own[label] ?? '')),
  );
  return valueAt(limits, instant)?.[control] ?? fits?.limit ?? limit;
}
