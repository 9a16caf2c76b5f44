import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { alertRules } from '../alerts/alert-rules.ts';
import { readPolicy } from '../alerts/policy.ts';
import { drawReport } from './draw.ts';
import { responseSentence } from './pages/response.ts';
import { type Indicator, type Snapshot, snapshotSchema } from './snapshot.ts';
import { entry, incidentFacts, incidentMonth, tally } from './tests/incident-month.ts';
import { wordsOf } from './words/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'incident-pages-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The pages as text, one by one, without line ends. */
async function pagesOf(snapshot: Snapshot): Promise<readonly string[]> {
  const { pdf, missingGlyphs } = await drawReport(snapshotSchema.parse(snapshot));
  expect(missingGlyphs).toEqual([]);
  const file = join(directory, 'report.pdf');
  writeFileSync(file, pdf);
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
  return text.split('\f').map((page) => page.replaceAll(/[\s\u00A0]+/g, ' ').replaceAll(/(\d)h\b/g, '$1 h'));
}

const languages = ['en', 'es'] as const;
type Facts = NonNullable<Snapshot['facts']['incidents']>;
const month = (facts: Partial<Facts>, others: Partial<Snapshot> = {}): Snapshot => ({
  ...incidentMonth,
  ...others,
  facts: { ...others.facts, incidents: { ...incidentFacts, ...facts } },
});

test('page 2 says how many, what about, how long and whether they were answered', async () => {
  const [, page = ''] = await pagesOf(incidentMonth);
  for (const text of [
    '41 incidents, two answered too late',
    '41 incidents were opened, nine fewer than in September.',
    'Updates and restarts 10 −5',
    'Disks and volumes 7 ±0',
    'By type of work: 29 corrective, 8 preventive, 3 adaptive and 1 perfective.',
    'Ring: last month.',
    'Urgent incidents took 2 h 12 min on average to resolve (median 1 h 30 min), 14 min less than in September; target 4 h.',
    'Urgent, to respond (known for 8 of 11)',
    'not measured',
    'Between 77.5% and 95.0% of the incidents were answered in time; target 95%. Of 40 incidents, seven carry no acknowledgement',
    'urgent 4 h, standard 8 h of working time',
    'Urgent 7 2 1 1 0 Missed',
    'Standard 15 7 6 1 1 Unknown',
    'All 22 9 7 2 1 Unknown',
  ])
    expect(page).toContain(text);
});

test('the register tells every incident, its bounds, and what people wrote', async () => {
  const notes = {
    comment: null,
    decisions: [],
    incidents: [{ number: 'INC-2', cause: 'A controller failed.', correction: 'Replaced.' }],
  };
  const pages = await pagesOf(month({}, { facts: { notes } }));
  const register = pages.find((page) => page.includes('Annex F Incident register')) ?? '';
  for (const text of [
    'Seven incidents opened, none carried over, one open at the end.',
    'INC-1 2026-10-01 16:56 7 h Urgent Backup overdue acme-db-1, nightly – Met',
    'came back 3 times',
    'A controller failed.',
    'INC-3 2026-10-03 02:50 1 h to 7 h – SomethingElse acme-db-1, nightly – –',
    'Standard Restart pending acme-db-1, nightly – Unknown',
    'Running',
    'Resolved',
    'Breached',
  ])
    expect(register).toContain(text);
});

test('annex E tells of each response until when somebody had to answer, and who did when', async () => {
  const pages = await pagesOf(incidentMonth);
  const ledger = pages.find((page) => page.includes('Annex E SLA ledger')) ?? '';
  for (const text of [
    'INC-1 Urgent 2026-10-01 16:56 2026-10-01 20:56 2026-10-01 17:56 Ada Gil (alertmanager) 1 h Met',
    'INC-5 Urgent 2026-10-04 12:43 none – – – Running',
    'INC-7 Urgent 2026-10-05 22:36 2026-10-06 02:36 2026-10-06 03:36 Bruno Rey (file) 5 h Breached',
  ])
    expect(ledger).toContain(text);
  expect(ledger).not.toContain('INC-3');
});

test.each(languages)('a month with 300 incidents of long names keeps every one, in %s', async (language) => {
  const list = Array.from({ length: 300 }, (_, index) =>
    entry(index + 1, {
      from: incidentMonth.period.start + index * 8000,
      labels: { instance: `averyverylonghostname${index}.internal.example.org`, object: '/srv/data/archive' },
      alertname: 'MaintenanceVulnerabilityCriticalOverdue',
    }),
  );
  const customer = { ...incidentMonth.customer, language };
  const pages = await pagesOf(month({ list }, { customer }));
  const text = pages.join(' ');
  for (const number of [1, 150, 300]) expect(text).toContain(`INC-${number} 2026-10`);
});

test('times are those of the clocks then, also after they changed', async () => {
  const list = [
    entry(1, { from: Date.parse('2026-10-24T10:00:00Z') / 1000 }),
    entry(2, { from: Date.parse('2026-10-26T10:00:00Z') / 1000 }),
  ];
  const clocks = [
    { from: incidentMonth.period.start, offset: 120 },
    { from: Date.parse('2026-10-25T01:00:00Z') / 1000, offset: 60 },
  ];
  const text = (await pagesOf(month({ list, clocks }))).join(' ');
  expect(text).toContain('INC-1 2026-10-24 12:00');
  expect(text).toContain('INC-2 2026-10-26 11:00');
});

const none = { answered: 0, resolvedFirst: 0, breached: 0, unknown: 0, running: 0 };
const shares = (measured: number | null, worst: number, best: number) => ({ measured, worst, best });
const nothing = { measured: null, worst: null, best: null };

test.each([
  ['no incident', { ...none, ...nothing }, 300, 'No incident had to be answered.'],
  [
    'one waits',
    { ...none, ...nothing, running: 1 },
    300,
    'One incident waits for an answer, before the deadline.',
  ],
  [
    'all in time',
    { ...none, answered: 3, ...shares(1, 1, 1) },
    300,
    'Every incident was answered, or over, before its deadline.',
  ],
  [
    'one late',
    { ...none, answered: 9, breached: 1, ...shares(0.9, 0.9, 0.9) },
    300,
    '**90.0%** of the incidents were answered, or over, before the deadline; target 95%. One was answered too late.',
  ],
  [
    'one unknown',
    { ...none, answered: 9, unknown: 1, ...shares(1, 0.9, 1) },
    300,
    '**Between 90.0% and 100.0%** of the incidents were answered in time; target 95%. Of ten incidents, one carries no acknowledgement: the lower figure counts it as breached, the upper as met.',
  ],
  [
    'nothing given',
    { ...none, resolvedFirst: 1, unknown: 3, ...shares(1, 0.25, 1) },
    null,
    'No acknowledgements were given for this report, so nobody can tell who answered: **between 25.0% and 100.0%** of the incidents were answered in time. Three incidents are unknown.',
  ],
])('what is said of answers: %s', (_, counts, acknowledgements, said) => {
  const facts = { ...incidentFacts, acknowledgements, all: { ...tally, ...counts } };
  expect(responseSentence(facts, wordsOf('en')).replaceAll('\u00A0', ' ')).toBe(said);
  const spanish = responseSentence(facts, wordsOf('es'));
  expect(spanish).toMatch(/^[\p{Lu}*].*\.$/u);
  expect(spanish).not.toBe(said);
});

test('classes with different targets have none together', () => {
  const facts = { ...incidentFacts, all: { ...tally, target: null } };
  expect(responseSentence(facts, wordsOf('en'))).not.toContain('target');
});

test.each(languages)(
  'a first month, a quiet month and an unwatched one are drawn, in %s',
  async (language) => {
    const customer = { ...incidentMonth.customer, language };
    const words = wordsOf(language);
    const first = await pagesOf(month({ categoriesBefore: null }, { customer }));
    expect(first[1]).toContain(words.incidents.categories.heading(false));
    const empty = { updates: 0, backups: 0, disks: 0, services: 0, protection: 0, access: 0 };
    const quiet = await pagesOf(
      month(
        {
          list: [],
          categories: empty,
          works: { corrective: 0, preventive: 0, adaptive: 0, perfective: 0 },
          all: { ...tally, ...none, ...nothing, verdict: 'plain' },
        },
        {
          customer,
          indicators: incidentMonth.indicators.map((one) => ({
            ...one,
            value: one.unit === 'count' ? 0 : null,
            reason: one.unit === 'count' ? null : 'nothing_happened',
          })),
        },
      ),
    );
    expect(quiet[1]).toContain(words.incidents.times.none);
    expect(quiet[1]).toContain(words.incidents.response.none);
    expect(quiet.join(' ')).not.toContain(words.annexes.F);
    const indicators = incidentMonth.indicators.map((one): Indicator => ({
      ...one,
      value: null,
      reason: 'no_evaluations',
      trend: one.trend.map((point) => ({ ...point, value: null, time: 0 })),
    }));
    const unknown = await pagesOf({ ...incidentMonth, customer, indicators, facts: {} });
    expect(unknown[1]).toContain(words.narrative.past.incidentsUnknown);
    expect(unknown[1]).not.toContain(words.incidents.response.heading);
  },
);

test.each(languages)('every alert that can be an incident has a short name, in %s', (language) => {
  const { alerts } = wordsOf(language).incidents.register;
  const rules = alertRules(readPolicy('alerts/policy.yaml')).groups.flatMap((group) => group.rules);
  const incidents = rules.flatMap((rule) =>
    'alert' in rule &&
    ['critical', 'warning', 'info'].includes(rule.labels?.['severity'] ?? '') &&
    !/^Maintenance(?:ResponseSla|Exception|Calendar|ControlDueSoon)/.test(rule.alert)
      ? [rule.alert]
      : [],
  );
  expect(incidents.length).toBeGreaterThan(40);
  expect(incidents.filter((name) => !Object.hasOwn(alerts, name))).toEqual([]);
  expect(Object.keys(alerts).filter((name) => !incidents.includes(name))).toEqual([]);
  for (const name of Object.values(alerts)) expect(name.length, name).toBeLessThanOrEqual(40);
});

test.each(languages)('no finding of page 2 has more than 60 characters, in %s', (language) => {
  const { finding } = wordsOf(language).incidents;
  for (const opened of [0, 1, 12, 13, 9999])
    for (const breached of [0, 1, 12, 999])
      for (const unknown of [0, 1, 999]) {
        const text = finding(opened, breached, unknown);
        expect(text.length, text).toBeLessThanOrEqual(60);
      }
});
