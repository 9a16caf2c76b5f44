import { vector } from '../../exporter/metrics.ts';
import { type AgeControl, firstOf, host, past, perObject } from '../control.ts';
import { remembered } from '../memory-records.ts';

const name = 'disk_self_test';
const object = 'disk';
const each = `on (${host}, disk, kind)`;
const perDisk = `on (${host}, disk)`;

const kinds = { kind: ['short', 'extended', 'default', 'conveyance'] };
const success = vector('maintenance_disk_self_test_last_success', kinds);
const ended = vector('maintenance_disk_self_test_last_timestamp_seconds', kinds);
const passed = `(${ended} and ${each} (${success} == 1))`;
const passedExtended = `(${vector('maintenance_disk_self_test_last_timestamp_seconds', { kind: 'extended' })} and ${each} (${success} == 1))`;
/** A failure stands until an extended test that came later has passed; one of unknown date stands in any case. */
const outdated = `((${ended} and ${each} (${success} == 0)) < ${perDisk} group_left () ${passedExtended})`;
const failed = `((${success} == 0) unless ${each} ${outdated})`;
const poweredOn = vector('maintenance_disk_power_on_seconds_total');
/** The disk keeps a log, and no test in it came to a verdict: it has gone untested for as long as it has run. */
const never = `((${vector('maintenance_disk_self_tests_logged')} >= 0) unless ${perDisk} ${success})`;

const asleep = `(${vector('maintenance_disk_standby')} == 1)`;
/** A sleeping disk is not asked; while it sleeps, what was known stays true and grows older. */
const lastKnown = `max by (${host}, object) ${remembered('object:maintenance_control_since_timestamp_seconds:now', { control: name })}`;

/**
 * Each disk has passed a self-test that is recent enough, whatever its protocol; a short one will do. The clock of a disk that was never
 * tested starts when it was new, that of one that failed a test never stops. A disk that keeps no log, or a test without a
 * date, is unknown.
 */
export const diskSelfTest = {
  name,
  domain: 'storage',
  objects: 'disk',
  judges: 'age',
  seen: perObject(
    'group',
    object,
    firstOf(
      vector('maintenance_disk_info'),
      vector('maintenance_disk_self_tests_logged'),
      vector('maintenance_disk_self_test_last_success'),
    ),
  ),
  since: firstOf(
    `(${perObject('group', object, failed)}) - Inf`,
    perObject('min', object, `time() - (${poweredOn} and ${perDisk} ${never})`),
    `(${perObject('group', object, `(${never} unless ${perDisk} ${poweredOn})`)}) - Inf`,
    perObject('max', object, past(passed)),
    `(${lastKnown} and on (${host}, object) ${perObject('group', object, asleep)})`,
  ),
  hostSourced: true,
  alert: {
    name: 'MaintenanceDiskSelfTestOverdue',
    summary: 'A disk has not passed a self-test for longer than the policy allows.',
    // The age of what never happened is +Inf, which humanizeDuration prints as such.
    finding:
      'disk {{ $labels.object }} {{ if gt $value 1e12 }}failed its last self-test, or never passed one{{ else }}has not passed a self-test for {{ $value | humanizeDuration }}{{ end }}',
    firstStep: '`smartctl -l selftest` on the disk, then `smartctl -t long`',
  },
} as const satisfies AgeControl;
