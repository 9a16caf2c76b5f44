import { expect, test } from 'vitest';
import { controlNames } from '../alerts/policy.ts';
import { createDocument } from './pdf/document.ts';
import type { Indicator, Snapshot } from './snapshot.ts';
import { tileOf } from './tile.ts';
import { span, styles } from './tokens.ts';
import { wordsOf } from './words/index.ts';
import { october } from './tests/october.ts';

const en = wordsOf('en');
const es = wordsOf('es');
const nb = (text: string): string => text.replaceAll('_', '\u00a0');

const reporting: Indicator = {
  id: 'host_reporting',
  unit: 'ratio',
  better: 'high',
  value: 0.975,
  reason: null,
  numerator: 975,
  denominator: 1000,
  target: 0.95,
  verdict: 'met',
  coverage: { objects: 1, time: 1 },
  atEnd: { compliant: 9, known: 10, expected: 10 },
  trend: [
    { month: '2026-09', value: 0.95, time: 1 },
    { month: '2026-10', value: 0.975, time: 1 },
  ],
  queries: [],
};
const opened: Indicator = {
  ...reporting,
  id: 'incidents_opened',
  unit: 'count',
  better: 'low',
  value: 12,
  numerator: 12,
  denominator: null,
  target: null,
  verdict: 'plain',
  coverage: { objects: null, time: 1 },
  atEnd: null,
  trend: [
    { month: '2026-09', value: 15, time: 1 },
    { month: '2026-10', value: 12, time: 1 },
  ],
};
const resolved: Indicator = {
  ...opened,
  id: 'time_to_resolve',
  unit: 'seconds',
  value: 7800,
  numerator: 78_000,
  denominator: 10,
  trend: [
    { month: '2026-09', value: 6000, time: 1 },
    { month: '2026-10', value: 7800, time: 1 },
  ],
};
const host = {
  instance: 'web-1',
  role: '',
  controls: { host_reporting: 'met', patch_security: 'met' },
} as const;
const snapshot: Snapshot = {
  ...october,
  indicators: [reporting, opened, resolved],
  controls: ['host_reporting', 'patch_security'],
  hosts: [host],
};
const english = (indicator: Indicator) => tileOf(indicator, snapshot, en);

test('a share: value, verdict, change, target and basis', () => {
  expect(english(reporting)).toEqual({
    label: 'Hosts reporting',
    value: '97.5%',
    muted: false,
    verdict: 'met',
    verdictWord: 'Met',
    change: '+2.5 points, better than Sep',
    lines: ['Target 95% · 9 of 10 hosts at month end'],
  });
  expect(tileOf(reporting, snapshot, es)).toEqual({
    label: 'Equipos que informan',
    value: nb('97,5_%'),
    muted: false,
    verdict: 'met',
    verdictWord: 'Cumplido',
    change: '+2,5 puntos, mejor que sep',
    lines: [nb('Objetivo 95_% · 9 de 10 equipos al cierre')],
  });
});

test('a rise of the few objects that are known is not called better', () => {
  const few = { ...reporting, verdict: 'unknown', coverage: { objects: 0.5, time: 1 } } as const;
  expect(english(few)).toMatchObject({ change: '+2.5 points against Sep', verdictWord: 'Unknown' });
  expect(english({ ...few, coverage: { objects: 0.8, time: 1 } })).toMatchObject({
    change: '+2.5 points, better than Sep',
  });
});

test('a missed target is not rounded up to', () => {
  expect(english({ ...reporting, value: 0.94996, verdict: 'missed' })).toMatchObject({
    value: '94.996%',
    verdictWord: 'Missed',
  });
});

test.each([
  [0.975, 1, '97.5% known', 0.975],
  [1, 0.99996, '99.9% of the month watched', 0.99996],
  [null, 0.5, '50.0% of the month watched', 0.5],
  [0.5, 0.5, '50.0% known, 50.0% of month watched', 0.25],
])('coverage of %j objects and %d of the time is the last line', (objects, time, line, known) => {
  const tile = english({ ...reporting, coverage: { objects, time } });
  expect(tile.lines.at(-1)).toBe(line);
  expect(tile.coverage).toEqual({ objects, time, known });
});

test.each<[string, Indicator['trend'], string]>([
  ['no month before', [{ month: '2026-10', value: 0.975, time: 1 }], 'no earlier value'],
  [
    'a gap before',
    [
      { month: '2026-08', value: 0.9, time: 1 },
      { month: '2026-09', value: null, time: 0 },
      { month: '2026-10', value: 0.975, time: 1 },
    ],
    'no value for Sep',
  ],
  ['no change', [{ month: '2026-09', value: 0.9752, time: 1 }, ...reporting.trend.slice(1)], 'as in Sep'],
  [
    'a fall',
    [{ month: '2026-09', value: 1, time: 1 }, ...reporting.trend.slice(1)],
    '−2.5 points, worse than Sep',
  ],
  [
    'a month hardly watched',
    [{ month: '2026-09', value: 1, time: 0.1 }, ...reporting.trend.slice(1)],
    '−2.5 points against Sep',
  ],
])('the change after %s', (_, trend, text) => {
  expect(english({ ...reporting, trend }).change).toBe(text);
});

test('incidents: fewer is better, no target is said once', () => {
  expect(english(opened)).toEqual({
    label: 'Incidents opened',
    value: '12',
    muted: false,
    verdict: 'plain',
    verdictWord: 'No target',
    change: '−3, better than Sep',
    lines: [],
  });
});

test('fewer incidents in a month that was not all watched are not called better', () => {
  expect(english({ ...opened, verdict: 'unknown', coverage: { objects: null, time: 0.7 } })).toMatchObject({
    verdictWord: 'Unknown',
    change: '−3 against Sep',
    lines: ['No target', '70.0% of the month watched'],
  });
});

test('the time to resolve says over how many incidents', () => {
  expect(english(resolved)).toMatchObject({
    value: nb('2_h_10_min'),
    change: nb('+30_min, worse than Sep'),
    lines: ['over 10 incidents resolved'],
  });
});

test('no data: the reason stands for the verdict, and no change is said', () => {
  const tile = english({ ...reporting, value: null, reason: 'no_evaluations', verdict: 'none' });
  expect(tile).toEqual({
    label: 'Hosts reporting',
    value: 'No data',
    muted: true,
    verdict: 'none',
    verdictWord: 'No rule was evaluated',
    lines: ['Target 95%'],
  });
});

test('nothing resolved is not the same as nothing known', () => {
  const none = { ...resolved, value: null, reason: 'nothing_happened' } as const;
  expect(english(none)).toMatchObject({
    value: 'None',
    verdictWord: 'No incident was resolved',
    lines: [],
  });
  expect(english({ ...none, verdict: 'unknown', coverage: { objects: null, time: 0.5 } })).toMatchObject({
    value: 'None',
    verdictWord: 'Unknown',
    lines: ['No incident was resolved', '50.0% of the month watched'],
  });
});

test('a control of no host has a dash', () => {
  expect(
    english({ ...reporting, value: null, reason: 'nothing_expected', verdict: 'plain', atEnd: null }),
  ).toMatchObject({ value: '–', muted: true, verdictWord: 'Not expected of any host', lines: [] });
});

const end = (expected: number) => ({ compliant: 1, known: expected, expected });

test('package managers are called hosts where every host has one', () => {
  const patch = { ...reporting, id: 'patch_security' };
  expect(english({ ...patch, atEnd: end(1) }).lines).toEqual(['Target 95% · 1 of 1 host at month end']);
  expect(english({ ...patch, atEnd: end(2) }).lines).toEqual([
    'Target 95%',
    '1 of 2 package managers at month end',
  ]);
});

test.each([en, es])('what a tile says fits into its width ($language)', (words) => {
  const document = createDocument({ language: 'en', title: '', author: '', subject: '', date: new Date(0) });
  document.font(styles.note.face).fontSize(styles.note.size);
  for (const id of controlNames) {
    const { lines } = tileOf(
      {
        ...reporting,
        id,
        target: 0.995,
        coverage: { objects: 0.975, time: 0.905 },
        atEnd: { compliant: 888, known: 900, expected: 900 },
      },
      snapshot,
      words,
    );
    expect(lines.length, id).toBeGreaterThan(1);
    for (const line of lines.slice(0, -1))
      expect(document.widthOfString(line), line).toBeLessThanOrEqual(span(4));
    // The coverage stands right of its bar.
    expect(document.widthOfString(lines.at(-1) ?? '')).toBeLessThanOrEqual(span(4) - 28);
  }
});

test('an indicator of another version is refused by name', () => {
  expect(() => english({ ...reporting, id: 'quantum' })).toThrow(/no words for the indicator quantum/);
});
