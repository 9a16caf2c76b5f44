import { spellEn } from './en-count.ts';
import type { ProtectionIndicatorId } from './protection-words.ts';
import type { IndicatorWords } from './words.ts';

export const protectionIndicatorsEn: Readonly<Record<ProtectionIndicatorId, IndicatorWords>> = {
  backup_runs: {
    label: 'Backup runs that succeeded',
    head: 'Runs',
    name: 'backup runs that succeeded',
    counts:
      'Runs that made a complete restore point, of those due by the interval each job declares. A run due in the last six hours of a month belongs to the next. A run of which nothing was seen counts as not made.',
    open: (count) =>
      count === 1
        ? 'one backup run without a restore point'
        : `${spellEn(count)} backup runs without a restore point`,
  },
  vulnerabilities_critical_open: {
    label: 'Open critical vulnerabilities',
    head: 'Critical',
    name: 'open critical vulnerabilities',
    counts:
      'Vulnerabilities open at month end that are critical or of unknown severity, each counted once per host and package. Hosts that no scanner could tell of are not counted, so there may be more.',
    open: () => '',
  },
};
