import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { drawReport } from './draw.ts';
import { boxesOf, overlaps } from './pdf/word-boxes.ts';
import { protectionFinding, protectionLede } from './pages/protection-sentences.ts';
import {
  backupJob,
  backupsOf,
  criticalOpen,
  disk,
  disksOf,
  end,
  hostCells,
  hostUpdates,
  indicator,
  monthWith,
  scanner,
  silentUpdates,
} from './tests/protection-facts.ts';
import type { Snapshot } from './snapshot.ts';
import { wordsOf } from './words/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'protection-'));
afterAll(() => rmSync(directory, { recursive: true }));

const day = 86_400;
const long = 'averyveryverylonghostnamewithoutanybreakwhatsoever';

const ordinary = monthWith(
  {
    updates: {
      hosts: [
        hostUpdates('erp-1', 2),
        hostUpdates('pc-2', 40),
        hostUpdates('db-1', -1),
        silentUpdates('pc-9'),
      ],
    },
    backups: backupsOf([
      backupJob('db-1', 171, { critical: true }),
      backupJob('cad-1', 203),
      backupJob('mes-1', null),
      backupJob('web-1', 12),
    ]),
    disks: disksOf([
      disk('a'),
      disk('erp-1', { health: 'missed', passed: false }),
      disk('nas-2', { pending: { count: 24, grown: 8 } }),
      disk('x', { health: 'unknown', gap: 'untold' }),
    ]),
    vulnerabilities: { scanners: [scanner('db-1', 2, 1), scanner('erp-1', 5, 12)], opened: 4, closed: 16 },
  },
  {
    hosts: [
      hostCells('db-1'),
      hostCells('erp-1', { patch_security: 'missed' }),
      hostCells('pc-9', { host_reporting: 'missed' }),
    ],
  },
);

const unmeasured = ordinary.indicators.map((one) => ({
  ...one,
  value: null,
  reason: 'no_evaluations' as const,
  verdict: 'none' as const,
  coverage: { objects: null, time: 0 },
  atEnd: null,
  trend: one.trend.map((month) => ({ ...month, value: null, time: 0 })),
}));

const unknownJob = (name: string) =>
  backupJob(
    name,
    null,
    { runs: { succeeded: 0, missed: 0, unknown: 31 }, backup: 'unknown', gap: 'silent' },
    { verdict: 'unknown' },
  );

const variants: Readonly<Record<string, Snapshot>> = {
  ordinary,
  spanish: { ...ordinary, customer: { ...ordinary.customer, language: 'es' } },
  'no backups, no scanner': monthWith(
    { ...ordinary.facts, backups: undefined, vulnerabilities: undefined },
    {
      hosts: ordinary.hosts,
      indicators: ordinary.indicators.filter(
        ({ id }) => id !== 'backup_runs' && id !== 'vulnerabilities_critical_open',
      ),
    },
  ),
  'sixty hosts overdue': monthWith(
    {
      ...ordinary.facts,
      updates: { hosts: Array.from({ length: 60 }, (_, index) => hostUpdates(`${long}${index}`, index + 1)) },
      backups: backupsOf(
        Array.from({ length: 60 }, (_, index) =>
          backupJob(`${long}${index}`, index % 3 === 0 ? null : 5 * index, { critical: index % 2 === 0 }),
        ),
      ),
      disks: disksOf(
        Array.from({ length: 60 }, (_, index) =>
          disk(`${long}${index}`, { health: 'missed', passed: false }),
        ),
      ),
    },
    {
      hosts: Array.from({ length: 60 }, (_, index) =>
        hostCells(`${long}${index}`, { patch_security: 'missed', backup: 'missed' }),
      ),
    },
  ),
  'everything unknown': monthWith(
    {
      updates: { hosts: [silentUpdates('a'), silentUpdates('b')] },
      backups: backupsOf([unknownJob('a'), unknownJob('b')]),
      disks: disksOf([disk('a', { health: 'unknown', gap: 'silent' })]),
      vulnerabilities: {
        scanners: [
          {
            ...scanner('a', 0, 0),
            critical: 'unknown',
            open: { critical: null, important: null, other: null },
            age: null,
            gap: 'silent',
          },
        ],
        opened: null,
        closed: null,
      },
    },
    { indicators: unmeasured },
  ),
  'no facts at all': monthWith({}, { indicators: unmeasured }),
};

async function pagesOf(
  name: string,
  snapshot: Snapshot,
): Promise<{ readonly file: string; readonly text: string }> {
  const file = join(directory, `${name.replaceAll(/[ ,]+/g, '-')}.pdf`);
  writeFileSync(file, (await drawReport(snapshot)).pdf);
  // In the order it was drawn, so that columns stay apart.
  const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
  return { file, text: text.replaceAll(/[ \u00a0\n]+/g, ' ') };
}

describe.each(Object.entries(variants))('%s', (name, snapshot) => {
  test('sets without two words on one place', async () => {
    const { file } = await pagesOf(name, snapshot);
    const boxes = boxesOf(
      execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8', maxBuffer: 2 ** 28 }),
    );
    expect(boxes.length).toBeGreaterThan(100);
    expect(
      boxes.filter(({ left, right, top, bottom }) => left < 40 || right > 556 || top < 30 || bottom > 830),
    ).toEqual([]);
    expect(overlaps(boxes)).toEqual([]);
  });
});

test('says what is overdue, not proven, open and failing, and what to do', async () => {
  const { text } = await pagesOf('ordinary', ordinary);
  for (const sentence of [
    'Two overdue hosts, by days past the limit',
    'One host could not be told of and may be overdue, too.',
    'Install what is overdue on pc-2 and erp-1. Faro Managed IT.',
    'Two of four jobs have a verified restore inside its limit; one is past it and one was never restored.',
    'The oldest of a critical job is db-1 nightly: 171 d, good until 14 November.',
    'Restore mes-1 nightly and cad-1 nightly and compare. Faro Managed IT.',
    'Seven critical vulnerabilities are known to be open, twelve fewer than in September; four opened, 16 closed.',
    'Scanners told of 2 of 3 hosts, so there may be more.',
    'One disk could not be asked.',
  ])
    expect(text.includes(sentence), sentence).toBe(true);
});

test('says of what is not known that it is not known, with no 0 and nothing in order', async () => {
  const { text } = await pagesOf('everything unknown', variants['everything unknown'] ?? ordinary);
  const page = text.slice(text.indexOf('Five questions'), text.indexOf('Annex'));
  for (const sentence of [
    'Nothing was known of updates at month end.',
    'How many backup runs succeeded was not measured.',
    'None of two jobs have a verified restore inside its limit; two are unknown.',
    'No scanner could tell of the end of the month.',
    'No disk or volume that could be asked needs attention. One disk could not be asked.',
  ])
    expect(text.includes(sentence), sentence).toBe(true);
  expect(page).not.toMatch(/\b0\b|in order\./);
});

test('says that nobody scans and nobody backs up', async () => {
  const { text } = await pagesOf('none', variants['no backups, no scanner'] ?? ordinary);
  expect(text).toContain('No backup job is known, so nothing can be said of backups.');
  expect(text).toContain('No scanner result was received, so nothing is known of vulnerabilities.');
});

describe('the headline', () => {
  const month = (verdicts: Readonly<Record<string, 'met' | 'missed' | 'unknown' | 'none'>>): Snapshot =>
    monthWith(
      {},
      { indicators: Object.entries(verdicts).map(([id, verdict]) => indicator(id, { verdict })) },
    );
  const five = {
    host_reporting: 'met',
    patch_security: 'met',
    backup: 'met',
    av_protection: 'met',
    disk_health: 'met',
  } as const;

  test.each([
    [five, 'All five protection targets met', 'Cumplidos los cinco objetivos de protección'],
    [
      { ...five, backup: 'missed', disk_health: 'missed' },
      'Three of five protection targets met; backups, disks missed',
      'Cumplidos tres de cinco objetivos; fallan copias y discos',
    ],
    [
      { ...five, backup: 'missed', patch_security: 'missed' },
      'Three of five targets met; updates, backups missed',
      'Cumplidos tres de cinco objetivos de protección',
    ],
    [
      { ...five, host_reporting: 'unknown' },
      'Four of five protection targets met; one unknown',
      'Cumplidos cuatro de cinco objetivos; uno sin certeza',
    ],
    [
      {
        ...five,
        backup: 'missed',
        disk_health: 'missed',
        patch_security: 'missed',
        av_protection: 'unknown',
      },
      'One of five protection targets met',
      'Cumplido uno de cinco objetivos de protección',
    ],
    [{ backup: 'none' }, 'Protection was not measured in October', 'En octubre no se midió la protección'],
  ] as const)('of %j', (verdicts, english, spanish) => {
    expect(protectionFinding(month(verdicts), wordsOf('en'))).toBe(english);
    expect(protectionFinding(month(verdicts), wordsOf('es'))).toBe(spanish);
  });

  test.each(['en', 'es'] as const)('never has more than 60 characters, in %s', (language) => {
    const ids = Object.keys(five);
    const verdicts = ['met', 'missed', 'unknown'] as const;
    for (let code = 0; code < verdicts.length ** ids.length; code++) {
      const mix = Object.fromEntries(
        ids.map((id, index) => [id, verdicts[Math.floor(code / 3 ** index) % 3] ?? 'met']),
      );
      expect(protectionFinding(month(mix), wordsOf(language)).length).toBeLessThanOrEqual(60);
    }
  });
});

test.each([
  [
    'all in order',
    monthWith(
      { updates: { hosts: [hostUpdates('a', -1)] }, backups: backupsOf([backupJob('a', 3)]) },
      { indicators: [criticalOpen(0, 0)] },
    ),
    'All 1 host had every security update inside its limit at month end. One of one backup job has a verified restore inside its limit. No critical vulnerabilities are known to be open, as in September.',
  ],
  [
    'nothing known',
    monthWith({}, { indicators: [] }),
    'Updates were not measured at month end. No backup job is known. Vulnerabilities were not measured.',
  ],
  [
    'a first month',
    monthWith(
      { backups: backupsOf([backupJob('a', null, {}, { tested: end - day, success: false })]) },
      { indicators: [criticalOpen(1, null)] },
    ),
    'Updates were not measured at month end. None of one backup job have a verified restore inside its limit. One critical vulnerability is known to be open.',
  ],
] as const)('the first paragraph with %s', (_, snapshot, text) => {
  expect(protectionLede(snapshot, wordsOf('en'))).toBe(text);
});
