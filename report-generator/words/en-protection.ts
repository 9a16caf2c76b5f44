import { formatsOf } from '../format.ts';
import { capital } from './capital.ts';
import { countEn, listEn, nounEn, spellEn } from './en-count.ts';
import type { DiskWords, ProtectionWords } from './protection-words.ts';

const format = formatsOf('en');
const { number } = format;
const longestHeadline = 60;

const short = {
  reporting: 'reporting',
  updates: 'updates',
  backups: 'backups',
  antivirus: 'antivirus',
  disks: 'disks',
};

const are = (count: number): string => (count === 1 ? 'is' : 'are');
const none = (count: number): string => (count === 0 ? 'none' : spellEn(count));

function named(names: readonly string[], more: number): string {
  if (more === 0) return listEn(names);
  return `${names.join(', ')} and ${spellEn(more)} more`;
}

/** "seven critical vulnerabilities" */
function vulnerabilities(count: number): string {
  return `${none(count).replace('none', 'no')} critical ${count === 1 ? 'vulnerability' : 'vulnerabilities'}`;
}

export const protectionEn: ProtectionWords = {
  headline: {
    nothing: (month) => `Protection was not measured in ${format.month(month)}`,
    all: (targets) =>
      targets === 1 ? 'The one protection target was met' : `All ${spellEn(targets)} protection targets met`,
    some: ({ met, of, missed, unknown }) => {
      const lead = (targets: string): string => `${capital(none(met))} of ${spellEn(of)} ${targets} met`;
      const rest = [
        ...(missed.length === 0 ? [] : [`${missed.map((id) => short[id]).join(', ')} missed`]),
        ...(unknown === 0 ? [] : [`${spellEn(unknown)} unknown`]),
      ].join('; ');
      const whole = ['protection targets', 'targets'].map((targets) => `${lead(targets)}; ${rest}`);
      return whole.find((text) => text.length <= longestHeadline) ?? lead('protection targets');
    },
  },
  lede: {
    updates: ({ hosts, inOrder, overdue, unknown }) => {
      if (inOrder === hosts)
        return `All ${number(hosts)} ${nounEn(hosts, 'host')} had every security update inside its limit at month end.`;
      const rest = [
        ...(overdue === 0 ? [] : [`${spellEn(overdue)} ${are(overdue)} overdue`]),
        ...(unknown === 0 ? [] : [`${spellEn(unknown)} ${are(unknown)} unknown`]),
      ];
      return `Of ${number(hosts)} ${nounEn(hosts, 'host')}, ${number(inOrder)} had every security update inside its limit at month end; ${listEn(rest)}.`;
    },
    updatesUnknown: 'Updates were not measured at month end.',
    restores: (verified, jobs) =>
      `${capital(none(verified))} of ${spellEn(jobs)} ${nounEn(jobs, 'backup_job')} ${verified === 1 ? 'has' : 'have'} a verified restore inside its limit.`,
    noBackups: 'No backup job is known.',
    vulnerabilities: (open, before, month) => {
      if (before !== null && before !== open)
        return `Open critical vulnerabilities ${open < before ? 'fell' : 'rose'} from ${number(before)} in ${format.month(month)} to ${number(open)}.`;
      const same = before === null ? '' : `, as in ${format.month(month)}`;
      return `${capital(vulnerabilities(open))} ${are(open)} known to be open${same}.`;
    },
    vulnerabilitiesUnknown: 'Vulnerabilities were not measured.',
  },
  estate: {
    heading: 'Five questions to the whole estate',
    heads: {
      question: 'Hosts at month end',
      atEnd: 'In order',
      value: 'Month',
      change: 'Change',
      target: 'Target',
      verdict: 'Verdict',
    },
    key: { ok: 'in order', ok2: 'partly', bad: 'problem', unknown: 'not known' },
    questions: {
      reporting: 'Does every host report?',
      updates: 'Are updates in time?',
      backups: 'Are backups current and proven?',
      antivirus: 'Is antivirus on and current?',
      disks: 'Are disks and volumes sound?',
    },
    rest: ({ partly, problem, unknown }, id) =>
      [
        ...(problem === 0 ? [] : [`${number(problem)} ${problem === 1 ? 'problem' : 'problems'}`]),
        ...(partly === 0 ? [] : [`${number(partly)} partly`]),
        ...(unknown === 0 ? [] : [`${number(unknown)} ${id === 'reporting' ? 'did not report' : 'unknown'}`]),
      ].join(', '),
    of: (part, whole) => `${number(part)} of ${number(whole)}`,
    noHosts: 'No host was known at month end, so no question has an answer.',
  },
  updates: {
    trend: 'Security updates inside their limit',
    overdue: (hosts) =>
      hosts === 0
        ? 'Overdue hosts'
        : `${capital(spellEn(hosts))} overdue ${nounEn(hosts, 'host')}, by days past the limit`,
    none: 'At month end every host was known, and none had a security update past its limit.',
    noneKnown: (unknown) =>
      `No host that could be told of is overdue; ${countEn(unknown, 'host')} could not and may be.`,
    unknown: (hosts) => `${capital(countEn(hosts, 'host'))} could not be told of and may be overdue, too.`,
    notMeasured: 'Nothing was known of updates at month end.',
    bucket: { days3: 'up to 3 days', days7: '4–7 days', days30: '8–30 days', more: 'over 30 days' },
    action: (names, more, restart, who) =>
      `Install what is overdue on ${named(names, more)}${restart === 0 ? '' : `; ${spellEn(restart)} ${restart === 1 ? 'waits' : 'wait'} for a restart, too`}. **${who}.**`,
  },
  backups: {
    heading: 'Backups and restore tests',
    none: 'No backup job is known, so nothing can be said of backups. Connect a backup tool to the exporter.',
    trend: 'Backup runs that succeeded',
    ages: (jobs) => `Age of the last verified restore, ${number(jobs)} ${jobs === 1 ? 'job' : 'jobs'}`,
    axis: 'days; filled: critical, ring: other',
    limit: (days) => `limit ${number(days)} days`,
    never: 'never verified',
    runs: ({ succeeded, due, share, missed, unknown }) => {
      const rest = [
        ...(missed === 0 ? [] : [`${spellEn(missed)} left no complete restore point`]),
        ...(unknown === 0 ? [] : [`${spellEn(unknown)} could not be seen`]),
      ];
      return `${number(succeeded)} of ${number(due)} backup runs due succeeded (${share})${rest.length === 0 ? '' : `; ${listEn(rest)}`}.`;
    },
    runsUnknown: 'How many backup runs succeeded was not measured.',
    proofs: ({ verified, jobs, late, never, failed, unknown }) => {
      const rest = [
        ...(late === 0 ? [] : [`${spellEn(late)} ${are(late)} past it`]),
        ...(never === 0 ? [] : [`${spellEn(never)} ${never === 1 ? 'was' : 'were'} never restored`]),
        ...(failed === 0 ? [] : [`${spellEn(failed)} failed the last test`]),
        ...(unknown === 0 ? [] : [`${spellEn(unknown)} ${are(unknown)} unknown`]),
      ];
      const lead =
        verified === jobs
          ? `Every one of ${number(jobs)} ${jobs === 1 ? 'job' : 'jobs'} has a verified restore inside its limit`
          : `${capital(none(verified))} of ${spellEn(jobs)} ${jobs === 1 ? 'job' : 'jobs'} ${verified === 1 ? 'has' : 'have'} a verified restore inside its limit`;
      return `${lead}${rest.length === 0 ? '' : `; ${listEn(rest)}`}.`;
    },
    oldest: (name, critical, age, until) =>
      `The oldest${critical ? ' of a critical job' : ''} is ${name}: ${age}${until === undefined ? ', past its limit' : `, good until ${until}`}.`,
    action: (names, more, who, by) =>
      `Restore ${named(names, more)} and compare. **${who}${by === undefined ? '' : `, by ${by}`}.**`,
    unknownAges: (jobs) =>
      `${capital(countEn(jobs, 'backup_job'))} could not be told of and ${jobs === 1 ? 'has' : 'have'} no dot.`,
  },
  vulnerabilities: {
    heading: 'Critical vulnerabilities',
    notMeasured: 'Not measured this month',
    notMeasuredHelp:
      'No scanner result was received, so nothing is known of vulnerabilities. Connect trivy, grype or debsecan to the exporter.',
    unknown: 'No scanner could tell of the end of the month. Earlier counts are not carried forward.',
    open: ({ open, before, month, opened, closed }) => {
      const compared =
        before === null
          ? ''
          : before === open
            ? `, as in ${format.month(month)}`
            : `, ${spellEn(Math.abs(open - before))} ${open < before ? 'fewer' : 'more'} than in ${format.month(month)}`;
      const moved =
        opened === null || closed === null ? '' : `; ${spellEn(opened)} opened, ${spellEn(closed)} closed`;
      return `${capital(vulnerabilities(open))} ${are(open)} known to be open${compared}${moved}.`;
    },
    exploited: (count) =>
      count === 0
        ? 'None is known to be exploited.'
        : `${capital(spellEn(count))} ${are(count)} known to be exploited.`,
    reach: (told, hosts) =>
      told === hosts
        ? 'Every host was scanned.'
        : `Scanners told of ${number(told)} of ${number(hosts)} hosts, so there may be more.`,
    chart: 'Hosts, by their oldest one',
    inside: 'inside the limit',
    past: {
      days3: 'up to 3 days past',
      days7: '4–7 days past',
      days30: '8–30 days past',
      more: 'over 30 days past',
    },
  },
  disks: {
    heading: 'Disks that need attention',
    none: 'Every disk and volume was known and sound.',
    noneKnown: 'No disk or volume that could be asked needs attention.',
    notMeasured: 'Nothing was known of disks at month end.',
    heads: { host: 'Host', finding: 'Finding' },
    unknown: (disks) => `${capital(countEn(disks, 'disk'))} could not be asked.`,
    more: (rows) => `${number(rows)} more in Annex C.`,
  },
};

export const diskFindingsEn: DiskWords = {
  failing: 'says it is failing',
  gone: 'was there and is gone',
  selfTestFailed: 'self-test failed',
  selfTestLate: 'no recent self-test',
  grown: (sectors) => `${number(sectors)} more ${sectors === 1 ? 'error' : 'errors'} this month`,
  isNew: 'new this month',
  retired: 'taken away this month',
  degraded: (missing, members) =>
    missing === null || missing === 0 || members === null
      ? 'not sound'
      : `${number(missing)} of ${number(members)} members missing or rebuilding`,
};
